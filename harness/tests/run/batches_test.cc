// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/batches.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "runner/base/failure.h"

namespace runner {
namespace {

using testing::ElementsAre;
using testing::Pair;

// As the guest does: three kinds share the steps, and a batch has 1000 of them.
std::vector<ListedCase> batchesOfGuest(const std::string& exploration) {
  unsigned seed = 0, amount = 0;
  char unit = 0;
  const int read = std::sscanf(exploration.c_str(), "%u,%u%c", &seed, &amount, &unit);
  const unsigned batches = read == 3 ? 1 : (amount + 2999) / 3000;
  std::vector<ListedCase> all;
  for (const char* kind : {"A2", "B4", "C1"}) {
    for (unsigned i = 0; i < batches; ++i) {
      all.push_back({fmt::format("{}.SequencesOfSeed{}", kind, seed + i), kind, "", {"volatile"}});
    }
  }
  return all;
}

class BatchesTest : public testing::Test {
 protected:
  BatchesTest() { options_.exploration.emplace(); }
  // How many batches of each kind the guest has.
  std::map<std::string, int> batches(const std::string& filter) {
    options_.filter = filter;
    std::map<std::string, int> count;
    for (const ListedCase& each : listBatches(options_, batchesOfGuest)) ++count[each.requirement];
    return count;
  }
  std::string asked() const { return options_.exploration->text(); }

  RunOptions options_;
};

TEST_F(BatchesTest, AllKindsShareTheSteps) {
  EXPECT_THAT(batches(""), ElementsAre(Pair("A2", 7), Pair("B4", 7), Pair("C1", 7)));
  EXPECT_EQ(asked(), "1,20000");
  EXPECT_THAT(batches("ext4"), ElementsAre(Pair("A2", 7), Pair("B4", 7), Pair("C1", 7)));
  EXPECT_EQ(asked(), "1,20000");
}

TEST_F(BatchesTest, OneThatRunsAloneTakesThemAll) {
  EXPECT_EQ(batches("C1").at("C1"), 20);
  EXPECT_EQ(asked(), "1,60000");
  EXPECT_EQ(batches("C1.SequencesOfSeed20/ext4/volatile").at("C1"), 20);
  EXPECT_EQ(asked(), "1,60000");
}

TEST_F(BatchesTest, TwoTakeHalfOfThemEach) {
  EXPECT_EQ(batches("A2:C1").at("C1"), 10);
  EXPECT_EQ(asked(), "1,30000");
  options_.exploration->steps = 1;
  batches("A2:C1");
  EXPECT_EQ(asked(), "1,2") << "rounded up";
}

TEST_F(BatchesTest, TimeIsSharedLikewise) {
  options_.exploration->seconds = 600;
  batches("C1");
  EXPECT_EQ(asked(), "1,1800s");
}

TEST_F(BatchesTest, AFilterThatMatchesNoneChangesNothing) {
  batches("nosuch");
  EXPECT_EQ(asked(), "1,20000");
  EXPECT_THROW(batches("$(x)"), Failure);
}

}  // namespace
}  // namespace runner
