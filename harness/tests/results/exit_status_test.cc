// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/exit_status.h"

#include <gtest/gtest.h>

#include "runner/results/comparison.h"
#include "runner/results/verdict.h"
#include "tests/support/sample_results.h"

namespace runner {
namespace {

TreeResults with(const std::vector<Verdict>& verdicts) {
  TreeResults results;
  results.kernels = {samples::kernel()};
  results.machines = {samples::machine("ext4")};
  for (const Verdict verdict : verdicts) {
    results.machines[0].cases.push_back(samples::caseResult("A1.X", "ext4", "plain", verdict));
  }
  return results;
}

TEST(ExitStatus, EveryVerdictHasItsOwn) {
  EXPECT_EQ(judge(with({Verdict::pass})), ExitStatus::pass);
  EXPECT_EQ(judge(with({Verdict::pass, Verdict::skip, Verdict::xfail})), ExitStatus::pass);
  EXPECT_EQ(judge(with({Verdict::fail})), ExitStatus::fail);
  EXPECT_EQ(judge(with({Verdict::xpass})), ExitStatus::fail);
  EXPECT_EQ(judge(with({Verdict::error})), ExitStatus::error);
  EXPECT_EQ(judge(with({Verdict::timeout})), ExitStatus::timeout);
  EXPECT_EQ(judge(with({Verdict::panic})), ExitStatus::panic);
  EXPECT_EQ(judge(with({Verdict::splat})), ExitStatus::splat);
  EXPECT_EQ(judge(with({Verdict::lost})), ExitStatus::lost);
}

// Each of these takes precedence over all after it.
TEST(ExitStatus, TheWorstWins) {
  const std::vector<Verdict> order = {Verdict::panic, Verdict::splat, Verdict::timeout,
                                      Verdict::lost,  Verdict::error, Verdict::fail,
                                      Verdict::pass};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::vector<Verdict> rest(order.begin() + static_cast<long>(i), order.end());
    const std::vector<Verdict> reversed(rest.rbegin(), rest.rend());
    EXPECT_EQ(judge(with(rest)), statusOf(order[i]));
    EXPECT_EQ(judge(with(reversed)), statusOf(order[i]));
  }
}

TEST(ExitStatus, AVerdictOfTheMachineCounts) {
  TreeResults results = with({Verdict::pass});
  results.machines[0].verdict = Verdict::panic;
  EXPECT_EQ(judge(results), ExitStatus::panic);
  results.machines[0].verdict = Verdict::skip;
  EXPECT_EQ(judge(results), ExitStatus::pass);
}

TEST(ExitStatus, NamesAreReadBack) {
  for (const VerdictEntry& entry : kVerdicts) {
    EXPECT_EQ(nameOf(entry.verdict), entry.name);
    EXPECT_EQ(verdictNamed(entry.name), entry.verdict);
  }
  EXPECT_FALSE(verdictNamed("maybe"));
}

TEST(ExitStatusOfBoth, FailuresWithoutTheSeriesAreWhatItIsFor) {
  EXPECT_EQ(judge(samples::comparedRun()), ExitStatus::pass);
}

TEST(ExitStatusOfBoth, NothingProvenIsAFailure) {
  TreeResults results = samples::comparedRun().trees.front();
  results.machines[0].cases[1].verdict = Verdict::pass;
  EXPECT_EQ(judge(results), ExitStatus::fail);
  EXPECT_TRUE(provesNothing(results));
  EXPECT_FALSE(provesNothing(samples::comparedRun().trees.front()));
  EXPECT_FALSE(provesNothing(with({Verdict::pass}))) << "one kernel";
}

TEST(ExitStatusOfBoth, TheRunWithTheSeriesIsJudged) {
  TreeResults results = samples::comparedRun().trees.front();
  results.machines[1].cases[2].verdict = Verdict::fail;
  EXPECT_EQ(judge(results), ExitStatus::fail);
}

TEST(ExitStatusOfBoth, TheRunWithoutItMustFinish) {
  TreeResults results = samples::comparedRun().trees.front();
  results.machines[0].cases[2].verdict = Verdict::panic;
  EXPECT_EQ(judge(results), ExitStatus::panic);
}

TEST(ExitStatusOfBoth, OnlyWhatTheSeriesIsForMayFailWithoutIt) {
  TreeResults plain = samples::comparedRun().trees.front();
  plain.machines[0].cases[0].verdict = Verdict::fail;
  EXPECT_EQ(judge(plain), ExitStatus::fail) << "the bare filesystem";
  EXPECT_EQ(outcomesOf(plain)[0].proof, Proof::unknown);

  for (MachineResult& machine : plain.machines) machine.cases[0].requirement = "D1";
  EXPECT_EQ(judge(plain), ExitStatus::pass) << "what D is about";
  EXPECT_EQ(outcomesOf(plain)[0].proof, Proof::proves);

  TreeResults merged = samples::comparedRun().trees.front();
  merged.machines[0].cases[2].verdict = Verdict::fail;
  EXPECT_EQ(judge(merged), ExitStatus::fail) << "V1 is merged";
  EXPECT_EQ(outcomesOf(merged)[2].proof, Proof::unknown);

  for (const char* requirement : {"V6", "A13"}) {
    TreeResults results = samples::comparedRun().trees.front();
    for (MachineResult& machine : results.machines) machine.cases[2].requirement = requirement;
    results.machines[0].cases[2].verdict = Verdict::fail;
    EXPECT_EQ(judge(results), ExitStatus::pass) << requirement << " on a volatile mount";
    EXPECT_EQ(outcomesOf(results)[2].proof, Proof::proves) << requirement;
  }
}

TEST(ExitStatusOfSeveral, IsThatOfTheWorstTree) {
  Results matrix = samples::matrix();
  EXPECT_EQ(judge(matrix), ExitStatus::build);
  matrix.trees.pop_back();
  EXPECT_EQ(judge(matrix), ExitStatus::pass);
  matrix.trees[0].machines[1].cases[0].verdict = Verdict::fail;
  EXPECT_EQ(judge(matrix), ExitStatus::fail);
  matrix.trees[1].machines[1].cases[0].verdict = Verdict::panic;
  EXPECT_EQ(judge(matrix), ExitStatus::panic);
  matrix.trees[0].failure = {ExitStatus::environment, "no archive", ""};
  EXPECT_EQ(judge(matrix), ExitStatus::environment) << "nothing is known about that tree";
}

TEST(ExitStatusOfSeveral, OneTreeThatProvesNothingIsEnough) {
  Results matrix = samples::matrix();
  matrix.trees.pop_back();
  for (MachineResult& machine : matrix.trees[1].machines) {
    for (CaseResult& result : machine.cases) result.verdict = Verdict::pass;
  }
  EXPECT_EQ(judge(matrix), ExitStatus::fail);
}

TEST(Comparison, SaysWhatEachCaseMeans) {
  const auto compared = outcomesOf(samples::comparedRun().trees.front());
  ASSERT_EQ(compared.size(), 3u);
  EXPECT_EQ(compared[0].proof, Proof::guards);
  EXPECT_EQ(compared[1].proof, Proof::proves);

  TreeResults results = samples::comparedRun().trees.front();
  results.machines[0].cases[0].verdict = Verdict::skip;
  results.machines[1].cases[1].verdict = Verdict::fail;
  results.machines[1].cases[2].verdict = Verdict::xfail;
  const auto odd = outcomesOf(results);
  EXPECT_EQ(odd[0].proof, Proof::unknown);
  EXPECT_EQ(odd[1].proof, Proof::fails);
  EXPECT_EQ(odd[2].proof, Proof::unknown);
}

}  // namespace
}  // namespace runner
