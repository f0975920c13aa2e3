// SPDX-License-Identifier: GPL-2.0-only
// How the cases of one filesystem are divided among machines, and the results joined.
#include "runner/run/parts.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "sys/setup_error.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// So many cases, with two subjects each.
MachinePlan planWith(int cases, const std::string& filesystem = "ext4") {
  MachinePlan plan;
  for (int i = 0; i < cases; ++i) {
    for (const char* subject : {"plain", "overlay"}) {
      plan.cases.push_back({fmt::format("A1.Case{}", i), "A1", filesystem, subject});
    }
  }
  plan.result.filesystem = filesystem;
  return plan;
}

class Parts : public ::testing::Test {
 protected:
  // All of them pass.
  static MachineResult resultOf(const MachinePlan& part) {
    MachineResult result = part.result;
    for (const PlannedCase& planned : part.cases) result.cases.push_back({planned, Verdict::pass});
    return result;
  }
  std::vector<MachineResult> resultsOf() const {
    std::vector<MachineResult> results;
    for (const MachinePlan& part : parts_) results.push_back(resultOf(part));
    return results;
  }
  void divide(std::vector<MachinePlan> plans, unsigned jobs) {
    plans_ = std::move(plans);
    parts_ = inParts(plans_, jobs);
  }
  std::vector<MachineResult> joined(std::vector<MachineResult> results) const {
    return joinParts(plans_, parts_, std::move(results));
  }

  std::vector<MachinePlan> plans_, parts_;
};

TEST_F(Parts, EveryCaseIsInOnePartWithAllItsSubjects) {
  divide({planWith(101)}, 2);
  ASSERT_THAT(parts_, SizeIs(2));
  EXPECT_EQ(parts_[0].cases.size() + parts_[1].cases.size(), plans_[0].cases.size());
  EXPECT_GT(parts_[0].cases.size(), 60U);
  EXPECT_GT(parts_[1].cases.size(), 60U);
  for (const MachinePlan& part : parts_) {
    for (std::size_t i = 0; i < part.cases.size(); i += 2) {
      EXPECT_EQ(part.cases[i].name, part.cases[i + 1].name);
    }
  }
  EXPECT_THAT(parts_[0].boot.arguments, ElementsAre("--part", "1/2"));
  EXPECT_THAT(parts_[1].boot.arguments, ElementsAre("--part", "2/2"));
}

struct Division {
  std::vector<int> cases;  // of each filesystem
  unsigned jobs;
  std::size_t machines;
};

class PartsOfMany : public ::testing::TestWithParam<Division> {};

TEST_P(PartsOfMany, BootNoMoreThanThereAreProcessorsFor) {
  std::vector<MachinePlan> plans;
  for (const int cases : GetParam().cases) plans.push_back(planWith(cases));
  EXPECT_THAT(inParts(plans, GetParam().jobs), SizeIs(GetParam().machines));
}

INSTANTIATE_TEST_SUITE_P(All, PartsOfMany,
                         ::testing::Values(Division{{500}, 1, 1}, Division{{500}, 4, 4},
                                           Division{{500}, 64, 10},  // 100 runs each
                                           Division{{60}, 8, 1}, Division{{500, 500}, 2, 2},
                                           Division{{500, 500}, 3, 2}, Division{{500, 60}, 4, 3},
                                           Division{{500, 0}, 2, 3}));

TEST_F(Parts, WhatIsNotBootedIsNotDivided) {
  MachinePlan skipped = planWith(500, "xfs");
  skipped.skip_reason = "mkfs.xfs is missing";
  divide({skipped, planWith(500)}, 2);
  ASSERT_THAT(parts_, SizeIs(3));
  EXPECT_EQ(parts_[0].part.count, 1u);
  std::vector<MachineResult> results = resultsOf();
  results[0].verdict = Verdict::skip;
  const std::vector<MachineResult> whole = joined(std::move(results));
  ASSERT_THAT(whole, SizeIs(2));
  EXPECT_EQ(whole[0].verdict, Verdict::skip);
  EXPECT_EQ(whole[1].filesystem, "ext4");
}

TEST_F(Parts, AreJoinedInThePlannedOrder) {
  divide({planWith(150)}, 3);
  ASSERT_THAT(parts_, SizeIs(3));
  std::vector<MachineResult> results = resultsOf();
  results[0].cases.push_back({{"A9.Unplanned", "A9", "ext4", "plain"}, Verdict::fail});
  const std::vector<MachineResult> whole = joined(std::move(results));
  ASSERT_THAT(whole, SizeIs(1));
  ASSERT_THAT(whole[0].cases, SizeIs(301));
  for (std::size_t i = 0; i < plans_[0].cases.size(); ++i) {
    EXPECT_EQ(whole[0].cases[i].fullName(), plans_[0].cases[i].fullName());
  }
  EXPECT_EQ(whole[0].cases.back().name, "A9.Unplanned");
}

TEST_F(Parts, TheWorstPartIsTheVerdictWithItsConsole) {
  divide({planWith(150)}, 3);
  std::vector<MachineResult> results = resultsOf();
  results[0].verdict = Verdict::error;
  results[0].detail = "a second hello";
  results[0].console_tail = {"of the error"};
  results[1].verdict = Verdict::panic;
  results[1].detail = "it panicked";
  results[1].console_tail = {"of the panic"};
  const MachineResult whole = joined(std::move(results))[0];
  EXPECT_EQ(whole.verdict, Verdict::panic);
  EXPECT_EQ(whole.detail, "a second hello; it panicked");
  EXPECT_THAT(whole.console_tail, ElementsAre("of the panic"));
}

TEST_F(Parts, WhatAllPartsLackIsSaidOnce) {
  divide({planWith(100)}, 2);
  std::vector<MachineResult> results = resultsOf();
  for (MachineResult& result : results) {
    result.verdict = Verdict::skip;
    result.lacks = {"ext4"};
    result.detail = "ext4";
    result.notes = {"no module"};
    result.quirks_asked = {"a", "b"};
    result.kernel = "7.3.4";
  }
  results[0].boot = std::chrono::milliseconds(7);
  results[1].total = std::chrono::milliseconds(9);
  const MachineResult whole = joined(std::move(results))[0];
  EXPECT_EQ(whole.verdict, Verdict::skip);
  EXPECT_THAT(whole.lacks, ElementsAre("ext4"));
  EXPECT_EQ(whole.detail, "ext4");
  EXPECT_THAT(whole.notes, ElementsAre("no module"));
  EXPECT_THAT(whole.quirks_asked, ElementsAre("a", "b"));
  EXPECT_EQ(whole.kernel, "7.3.4");
  EXPECT_EQ(whole.boot.count(), 7);
  EXPECT_EQ(whole.total.count(), 9);
}

class PartLogs : public Parts {
 protected:
  PartLogs() {
    MachinePlan plan = planWith(100);
    plan.boot.console_log = scratch_ / "console-ext4.log";
    plan.result.console_log = plan.boot.console_log.string();
    divide({plan}, 2);
  }
  static std::string readWhole(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  ScratchDirectory scratch_;
};

TEST_F(PartLogs, FollowOneAnotherInOneFile) {
  ASSERT_NE(parts_[0].boot.console_log, parts_[1].boot.console_log);
  std::ofstream(parts_[0].boot.console_log) << "first\n";
  std::ofstream(parts_[1].boot.console_log) << "second\n";
  const MachineResult whole = joined(resultsOf())[0];
  EXPECT_EQ(whole.console_log, scratch_ / "console-ext4.log");
  EXPECT_EQ(readWhole(whole.console_log), "first\nsecond\n");
}

TEST_F(PartLogs, AMachineThatNeverBeganHasNone) {
  std::ofstream(parts_[1].boot.console_log) << "second\n";
  EXPECT_EQ(readWhole(joined(resultsOf())[0].console_log), "second\n");
}

TEST_F(PartLogs, AFileThatCannotBeWrittenIsAnError) {
  std::ofstream(parts_[0].boot.console_log) << "first\n";
  std::filesystem::create_directory(plans_[0].boot.console_log);
  EXPECT_THROW(joined(resultsOf()), sys::SetupError);
}

}  // namespace
}  // namespace runner
