// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using testing::Each;
using testing::ElementsAre;

TEST(BatchTest, EachSeriesGetsItsShareRoundedUp) {
  EXPECT_THAT(batchesOf(1, 3), ElementsAre(1));
  EXPECT_THAT(batchesOf(2, 3), ElementsAre(1));
  EXPECT_THAT(batchesOf(3, 3), ElementsAre(1));
  EXPECT_THAT(batchesOf(4, 3), ElementsAre(2));
  EXPECT_THAT(batchesOf(2000, 3), ElementsAre(667));
}

// A seed takes the same steps whatever their number is: only the last batch may end earlier.
TEST(BatchTest, AllButTheLastHaveTheSameNumberOfSteps) {
  EXPECT_THAT(batchesOf(3000, 3), ElementsAre(kBatch));
  EXPECT_THAT(batchesOf(7000, 3), ElementsAre(kBatch, kBatch, 334));
  std::vector<std::uint64_t> batches = batchesOf(20'000, 3);
  EXPECT_EQ(batches.back(), 667u);
  batches.pop_back();
  EXPECT_THAT(batches, Each(kBatch));
  EXPECT_EQ(batches.size(), 6u);
}

TEST(BatchTest, TakesSequencesUntilThereAreEnoughSteps) {
  std::vector<std::uint64_t> taken;
  takeSequences(10, [&](std::uint64_t index) {
    taken.push_back(index);
    return std::optional<std::size_t>(index * 3);  // the first is empty
  });
  EXPECT_THAT(taken, ElementsAre(0, 1, 2, 3));
}

TEST(BatchTest, EndsOnceTheCaseHasItsVerdict) {
  int calls = 0;
  takeSequences(10, [&](std::uint64_t) -> std::optional<std::size_t> {
    ++calls;
    return std::nullopt;
  });
  EXPECT_EQ(calls, 1);
}

TEST(BatchTest, OneWithoutAStepIsAnError) {
  EXPECT_THROW(takeSequences(0, [](std::uint64_t) { return std::optional<std::size_t>(1); }),
               std::logic_error);
}

}  // namespace
}  // namespace conformance
