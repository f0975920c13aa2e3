// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runner/base/failure.h"
#include "runner/results/case_list.h"

namespace runner {
namespace {

using testing::ElementsAre;

TEST(Filter, PlainWordsBecomePatterns) {
  EXPECT_THAT(parseFilter("A2"), ElementsAre("A2.*"));
  EXPECT_THAT(parseFilter("plain"), ElementsAre("*plain*"));
  EXPECT_THAT(parseFilter("A2.X/ext4/plain"), ElementsAre("A2.X/ext4/plain"));
  EXPECT_THAT(parseFilter("A*/overlay:V3"), ElementsAre("A*/overlay", "V3.*"));
  EXPECT_TRUE(parseFilter("").empty());
}

TEST(Filter, TakesTheNamesOfProfiles) {
  EXPECT_THAT(parseFilter("A2.X/ext4:data=writeback/plain:V3"),
              ElementsAre("A2.X/ext4?data=writeback/plain", "V3.*"));
  EXPECT_TRUE(matchesFilter(parseFilter("ext4:ext2"), "A1.X/ext4:ext2/plain"));
  EXPECT_FALSE(matchesFilter(parseFilter("ext4:ext2"), "A1.X/ext4/plain"));
}

TEST(Filter, ARequirementIsNotThePrefixOfAnother) {
  EXPECT_TRUE(matchesFilter(parseFilter("A1"), "A1.X/ext4/plain"));
  EXPECT_FALSE(matchesFilter(parseFilter("A1"), "A10.X/ext4/plain"));
  EXPECT_TRUE(matchesFilter(parseFilter("V3:A10"), "A10.X/ext4/plain"));
  EXPECT_TRUE(matchesFilter({}, "A10.X/ext4/plain"));
}

TEST(Filter, WhatWouldNotSurviveAKernelCommandLineIsRefused) {
  for (const char* text : {"A2 ", "A2\"", "$(x)", "A2\n"}) {
    EXPECT_THROW(parseFilter(text), Failure) << text;
  }
  EXPECT_THROW(parseFilter(std::string(1025, 'x')), Failure);
}

TEST(Plan, KeepsToItsGroup) {
  std::vector<ListedCase> cases = {{"A1.Quick", "A1", "words", {"plain"}},
                                   {"A1.Long", "A1", "words", {"plain", "overlay"}, "long"}};
  EXPECT_EQ(planCases(cases, "xfs", {}).size(), 1u);
  EXPECT_EQ(planCases(cases, "xfs", {}, "long").size(), 2u);
  EXPECT_EQ(planCases(cases, "xfs", {}, "all").size(), 3u);
  EXPECT_TRUE(planCases(cases, "xfs", {"*Long*"}).empty());
}

TEST(Plan, FollowsTheFilterAndTheGuestsOrder) {
  const std::vector<ListedCase> cases = {{"V1.Y", "V1", "", {"volatile"}},
                                         {"A1.X", "A1", "", {"plain", "overlay"}}};
  const auto all = planCases(cases, "xfs", {});
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].fullName(), "V1.Y/xfs/volatile");
  EXPECT_EQ(all[2].fullName(), "A1.X/xfs/overlay");
  EXPECT_EQ(planCases(cases, "xfs", {"*/overlay"}).size(), 1u);
  EXPECT_TRUE(planCases(cases, "xfs", {"*/ext4/*"}).empty());
}

TEST(Plan, LeavesOutWhatIsForOtherFilesystems) {
  const std::vector<ListedCase> cases = {{"D1.X", "D1", "", {"plain"}, "quick", {"ext4"}}};
  EXPECT_GT(planCases(cases, "ext4", {}).size(), planCases(cases, "xfs", {}).size());
}

}  // namespace
}  // namespace runner
