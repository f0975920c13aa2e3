// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/until_killed.h"

#include <gtest/gtest.h>

#include "tests/support/sample_results.h"

namespace runner {
namespace {

CaseResult caseWith(Verdict verdict) {
  return samples::caseResult("A1.First", "ext4", "overlay", verdict);
}

TEST(UntilKilled, EndsAtTheFirstFailedCase) {
  UntilKilled observer;
  observer.caseEnded(0, caseWith(Verdict::pass));
  observer.caseEnded(0, caseWith(Verdict::skip));
  EXPECT_FALSE(observer.kill());
  EXPECT_THROW(observer.caseEnded(0, caseWith(Verdict::fail)), UntilKilled::Stop);
  EXPECT_EQ(killInWords(*observer.kill()), "A1.First/ext4/overlay");
}

TEST(UntilKilled, AnErrorCountsIfNothingElseDoes) {
  UntilKilled observer;
  observer.caseEnded(0, caseWith(Verdict::error));
  EXPECT_EQ(killInWords(*observer.kill()), "error in A1.First/ext4/overlay");
  EXPECT_THROW(observer.caseEnded(0, caseWith(Verdict::splat)), UntilKilled::Stop);
  EXPECT_EQ(killInWords(*observer.kill()), "splat in A1.First/ext4/overlay");
}

TEST(UntilKilled, AMachineThatPanicsKills) {
  UntilKilled observer;
  MachineResult machine = samples::machine("ext4");
  machine.verdict = Verdict::panic;
  observer.machineEnded(0, machine);
  EXPECT_EQ(killInWords(*observer.kill()), "panic in ext4");
}

}  // namespace
}  // namespace runner
