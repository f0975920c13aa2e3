// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "runner/cost/cost_record.h"
#include "runner/cost/report.h"
#include "tests/support/ended_machine.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kEnd = R"({"event":"end"})";
const std::string kCost =
    R"({"event":"cost","call":"stat","subject":"overlay","instructions":2969,"repetitions":9,"equal":8})";

// For a guest that sent these lines.
Failure failureOf(const std::vector<std::string>& lines, qemu::EndKind kind) {
  return runner::failureOf(CostRecord(), lines, kind);
}

TEST(CostRecord, GivesWhatWasMeasured) {
  std::size_t told = 0;
  CostRecord record([&](const CallCost& cost) {
    ++told;
    EXPECT_EQ(cost.call, "stat");
  });
  record.line(R"({"event":"hello","kernel":"7.3.4"})");
  record.line(kCost);
  EXPECT_FALSE(record.complete());
  record.line(kEnd);
  EXPECT_TRUE(record.complete());
  EXPECT_EQ(told, 1u);
  const auto costs = record.judge(ended(qemu::EndKind::finished));
  ASSERT_EQ(costs.size(), 1u);
  EXPECT_EQ(costs[0].subject, "overlay");
  EXPECT_EQ(costs[0].instructions, 2969u);
  EXPECT_EQ(costs[0].repetitions, 9u);
  EXPECT_EQ(costs[0].equal, 8u);
}

TEST(CostRecord, AnythingButMeasurementsIsAFailure) {
  using qemu::EndKind;
  const Failure unable =
      failureOf({R"({"event":"unable","what":"no overlay"})", kEnd}, EndKind::finished);
  EXPECT_EQ(unable.status(), ExitStatus::error);
  EXPECT_THAT(unable.what(), HasSubstr("no overlay"));
  EXPECT_EQ(failureOf({kEnd}, EndKind::finished).status(), ExitStatus::error);
  const Failure odd =
      failureOf({kCost, R"({"event":"cost","call":"stat"})", kEnd}, EndKind::finished);
  EXPECT_EQ(odd.status(), ExitStatus::error);
  EXPECT_THAT(odd.what(), HasSubstr("cannot parse"));
  EXPECT_EQ(failureOf({"no JSON", kCost, kEnd}, EndKind::finished).status(), ExitStatus::error);
  const Failure panic = failureOf({kCost}, EndKind::panic);
  EXPECT_EQ(panic.status(), ExitStatus::panic);
  EXPECT_THAT(panic.what(), AllOf(HasSubstr("what was seen"), HasSubstr("console line 30.")));
  EXPECT_THAT(failureOf({kCost}, EndKind::powered_off).what(),
              HasSubstr("before it measured everything"));
}

CallCost cost(const std::string& subject, const std::string& call, std::uint64_t instructions,
              std::size_t equal = 10) {
  return {call, subject, instructions, 10, equal};
}

CostRun sampleRun() {
  CostRun run;
  run.filesystem = "ext4";
  run.kernels = {{"off", {}, {cost("plain", "stat", 2729), cost("overlay", "stat", 2969)}},
                 {"a-syncfs", {}, {cost("plain", "stat", 2729), cost("overlay", "stat", 2960)}},
                 {"+ b", {}, {cost("plain", "stat", 2730, 4)}}};
  for (MeasuredKernel& kernel : run.kernels) {
    kernel.identity.release = "7.3.4";
    kernel.identity.series = "a-syncfs (3 patches)";
  }
  return run;
}

TEST(CostReport, ComparesWithTheFirstKernel) {
  EXPECT_EQ(costMarkdown(sampleRun()),
            "| subject | call | off | a-syncfs | + b |\n"
            "|---|---|---:|---:|---:|\n"
            "| plain | stat | 2729 | 0 | +1~ |\n"
            "| overlay | stat | 2969 | -9 | - |\n");
}

TEST(CostReport, ACallOfALaterKernelHasItsPlaceInTheTable) {
  CostRun run = sampleRun();
  std::vector<CallCost>& later = run.kernels[1].costs;
  later.insert(later.begin() + 1, cost("plain", "mount", 700));
  later.push_back(cost("overlay", "mount", 800, 4));
  EXPECT_EQ(costMarkdown(run),
            "| subject | call | off | a-syncfs | + b |\n"
            "|---|---|---:|---:|---:|\n"
            "| plain | stat | 2729 | 0 | +1~ |\n"
            "|  | mount | - | 700 | - |\n"
            "| overlay | stat | 2969 | -9 | - |\n"
            "|  | mount | - | 800~ | - |\n");
}

TEST(CostReport, TableSaysWhatWasMeasured) {
  const std::string table = costTable(sampleRun(), Style{});
  EXPECT_THAT(table, AllOf(HasSubstr("Linux 7.3.4, series a-syncfs (3 patches)"),
                           HasSubstr("the median of 10"), HasSubstr("on ext4")));
  EXPECT_THAT(table, HasSubstr("overlay  stat    2969     -9      -"));
  CostRun run = sampleRun();
  run.kernels[0].costs[0].repetitions = 3;
  EXPECT_THAT(costTable(run, Style{}), HasSubstr("the median of 3 or 10"));
}

}  // namespace
}  // namespace runner
