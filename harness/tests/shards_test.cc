// SPDX-License-Identifier: GPL-2.0
#include "runner/shards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runner {
namespace {

MachinePlan planOf(const std::string& filesystem) {
  MachinePlan plan;
  plan.result.filesystem = filesystem;
  plan.boot.console_log = "/reports/console-" + filesystem + ".log";
  for (const char* name : {"A1.One", "A2.Two"}) {
    for (const char* subject : {"plain", "overlay", "volatile"}) {
      plan.cases.push_back({name, "A1", filesystem, subject});
    }
  }
  return plan;
}

// What a machine that passes everything would say.
MachineResult resultOf(const MachinePlan& plan) {
  MachineResult result = plan.result;
  for (const PlannedCase& planned : plan.cases) {
    CaseResult each;
    each.name = planned.name;
    each.filesystem = planned.filesystem;
    each.subject = planned.subject;
    each.verdict = Verdict::pass;
    result.cases.push_back(each);
  }
  return result;
}

TEST(Shards, NoRoomLeavesPlansWhole) {
  EXPECT_EQ(divided({planOf("ext4"), planOf("xfs")}, 3).size(), 2u);
}

TEST(Shards, EveryCaseIsInExactlyOneShard) {
  const auto shards = divided({planOf("ext4")}, 2);
  ASSERT_EQ(shards.size(), 2u);
  EXPECT_EQ(shards[0].cases.size(), 2u);
  EXPECT_EQ(shards[1].cases.size(), 4u);
  EXPECT_THAT(shards[0].boot.arguments, testing::ElementsAre("--filter", "*/plain"));
  EXPECT_THAT(shards[1].boot.arguments, testing::ElementsAre("--filter", "*/overlay:*/volatile"));
  EXPECT_NE(shards[0].boot.console_log, shards[1].boot.console_log);
}

TEST(Shards, AFilteredPlanStaysWhole) {
  MachinePlan plan = planOf("ext4");
  plan.boot.arguments = {"--filter", "A1.*"};
  EXPECT_EQ(divided({plan}, 2).size(), 1u);
}

TEST(Shards, UnitedTheCasesAreInTheirOrderAgain) {
  const std::vector<MachinePlan> whole = {planOf("ext4")};
  std::vector<MachineResult> results;
  for (const MachinePlan& shard : divided(whole, 2)) results.push_back(resultOf(shard));
  const auto machines = united(std::move(results), whole);
  ASSERT_EQ(machines.size(), 1u);
  ASSERT_EQ(machines[0].cases.size(), whole[0].cases.size());
  for (std::size_t i = 0; i < whole[0].cases.size(); ++i) {
    EXPECT_EQ(machines[0].cases[i].fullName(), whole[0].cases[i].fullName());
  }
}

TEST(Shards, TheWorstOfTheShardsIsKept) {
  const std::vector<MachinePlan> whole = {planOf("ext4")};
  std::vector<MachineResult> results;
  for (const MachinePlan& shard : divided(whole, 2)) results.push_back(resultOf(shard));
  results[1].verdict = Verdict::panic;
  results[1].detail = "Kernel panic";
  results[1].console_tail = {"the last words"};
  const auto machines = united(std::move(results), whole);
  EXPECT_EQ(machines[0].verdict, Verdict::panic);
  EXPECT_EQ(machines[0].detail, "Kernel panic");
  EXPECT_THAT(machines[0].console_tail, testing::ElementsAre("the last words"));
}

}  // namespace
}  // namespace runner
