// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/run_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"

namespace runner {
namespace {

using testing::HasSubstr;

class CasesThatApplyTest : public testing::Test {
 protected:
  CasesThatApplyTest() {
    known_.all.resize(2);
    known_.all[0].name = "whole";
    known_.all[1].name = "old";
    known_.all[1].left_out = {"C1"};
    options_.filter = "C1";
  }
  void require(const std::vector<NamedTree>& trees) {
    requireCasesThatApply(options_, trees, known_,
                          {{"ext4", {{"C1.Works", "C1", "ext4", "volatile"}}, "", ""}});
  }

  Trees known_;
  RunOptions options_;
};

TEST_F(CasesThatApplyTest, AreRequiredBeforeATreeIsBuilt) {
  try {
    require({{"old", "old"}});
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    EXPECT_THAT(failure.what(), HasSubstr("--filter 'C1' matches only cases that do not apply"));
  }
}

TEST_F(CasesThatApplyTest, OneTreeThatHasOneIsEnough) {
  EXPECT_NO_THROW(require({{"old", "old"}, {"whole", "whole"}}));
  EXPECT_NO_THROW(require({{"/src/linux", "linux", true}})) << "known once it is built";
}

}  // namespace
}  // namespace runner
