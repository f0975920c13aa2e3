// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "series/options.h"

namespace runner {
namespace {

using ::testing::HasSubstr;

SeriesOptions parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "series");
  return parseSeriesOptions(static_cast<int>(words.size()), words.data());
}

std::string refusal(std::vector<const char*> words) {
  try {
    parsed(std::move(words));
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    return failure.what();
  }
  ADD_FAILURE() << "no failure";
  return "";
}

TEST(SeriesOptions, AreThoseOfCheckOrExport) {
  EXPECT_EQ(parsed({"check"}).command, SeriesOptions::Command::check);
  EXPECT_EQ(parsed({"check", "--tree", "6.1.y,5.10.y"}).trees, "6.1.y,5.10.y");
  const SeriesOptions options = parsed({"export", "--tree", "6.1.y", "--debian", "/tmp/x"});
  EXPECT_EQ(options.command, SeriesOptions::Command::exportSeries);
  EXPECT_EQ(options.debian, "/tmp/x");
  const SeriesOptions mails = parsed({"export", "--tree", "mainline", "--series", "a-syncfs",
                                      "--git", "/l", "--base", "v7.3", "--to", "/m"});
  EXPECT_EQ(mails.with, "a-syncfs");
  EXPECT_EQ(mails.git, "/l");
  EXPECT_EQ(mails.base, "v7.3");
  EXPECT_EQ(mails.to, "/m");
  EXPECT_EQ(parsed({"check", "--only", "applies"}).only, "applies");
}

TEST(SeriesOptions, SayWhatIsMissing) {
  EXPECT_THAT(refusal({}), HasSubstr("check, export or tree"));
  EXPECT_THAT(refusal({"export", "--debian", "x"}), HasSubstr("--tree"));
  EXPECT_THAT(refusal({"export", "--tree", "6.1.y"}), HasSubstr("--debian"));
  EXPECT_THAT(refusal({"export", "--tree", "6.1.y", "--debian", "x", "--to", "y"}),
              HasSubstr("stands without"));
  EXPECT_THAT(refusal({"export", "--tree", "6.1.y", "--to", "y", "--base", "x"}),
              HasSubstr("--git"));
  EXPECT_THAT(refusal({"tree"}), HasSubstr("name the folder"));
  EXPECT_THAT(refusal({"chekc"}), HasSubstr("'chekc'"));
  EXPECT_THAT(refusal({"check", "--tre", "x"}), HasSubstr("Did you mean '--tree'"));
}

}  // namespace
}  // namespace runner
