// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/build_ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace runner {
namespace {

using testing::ElementsAre;

std::string built(std::size_t number) {
  return "image " + std::to_string(number);
}

TEST(BuildAhead, JudgesEachInTurn) {
  for (const bool beside : {false, true}) {
    std::vector<std::string> judged;
    buildAhead(3, beside, built, [&](std::size_t number, const std::string& image) {
      judged.push_back(std::to_string(number) + ": " + image);
    });
    EXPECT_THAT(judged, ElementsAre("0: image 0", "1: image 1", "2: image 2"));
  }
}

TEST(BuildAhead, DoesNothingForNone) {
  buildAhead(0, true, built, [](std::size_t, const std::string&) { FAIL(); });
}

TEST(BuildAhead, BuildsTheNextOneMeanwhile) {
  std::promise<void> second_is_built;
  buildAhead(
      2, true,
      [&](std::size_t number) {
        if (number == 1) second_is_built.set_value();
        return number;
      },
      [&](std::size_t number, std::size_t) {
        if (number == 0) second_is_built.get_future().wait();
      });
}

TEST(BuildAhead, OtherwiseBuildsItAfterwards) {
  std::vector<std::string> order;
  buildAhead(
      2, false,
      [&](std::size_t number) {
        order.push_back("build " + std::to_string(number));
        return number;
      },
      [&](std::size_t number, std::size_t) { order.push_back("judge " + std::to_string(number)); });
  EXPECT_THAT(order, ElementsAre("build 0", "judge 0", "build 1", "judge 1"));
}

TEST(BuildAhead, EndsWithWhatOneOfThemThrows) {
  const auto fails = [](std::size_t number) -> std::size_t {
    if (number == 1) throw std::runtime_error("does not link");
    return number;
  };
  std::vector<std::size_t> judged;
  EXPECT_THROW(buildAhead(3, true, fails,
                          [&](std::size_t number, std::size_t) { judged.push_back(number); }),
               std::runtime_error);
  EXPECT_THAT(judged, ElementsAre(0u));
  EXPECT_THROW(buildAhead(3, true, built,
                          [](std::size_t, const std::string&) {
                            throw std::logic_error("the series itself fails");
                          }),
               std::logic_error);
}

}  // namespace
}  // namespace runner
