// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "runner/reports/formats.h"
#include "runner/results/exit_status.h"
#include "runner/run/shard_record.h"
#include "tests/support/sample_results.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::HasSubstr;

TEST(ShardOption, IsIndexAndCount) {
  EXPECT_EQ(parseShard("2/5").index, 2u);
  EXPECT_EQ(parseShard("2/5").count, 5u);
  for (const char* text : {"", "2", "0/5", "6/5", "2/0", "a/5", "2/5x", "-1/5", "2//5"}) {
    EXPECT_THROW(parseShard(text), Failure) << text;
  }
}

TEST(ShardPlanTest, CutsAllBootsIntoPartsOfNearlyTheSameSize) {
  std::vector<ShardPlan::Boot> boots;
  for (const char* tree : {"mainline", "6.1.y"}) {
    for (const char* filesystem : {"ext4", "xfs", "btrfs", "f4"}) {
      boots.push_back({tree, true, filesystem});
    }
  }
  for (const unsigned count : {1u, 3u, 8u}) {
    for (const ShardPlan::Boot& boot : boots) {
      unsigned owners = 0;
      for (unsigned index = 1; index <= count; ++index) {
        owners += ShardPlan({index, count}, boots).has(boot) ? 1 : 0;
      }
      EXPECT_EQ(owners, 1u) << boot.tree << ' ' << boot.filesystem << " of " << count;
    }
  }
  const ShardPlan last({2, 2}, boots);
  EXPECT_FALSE(last.has("mainline"));
  EXPECT_TRUE(last.has("6.1.y", true));
  EXPECT_FALSE(last.has("6.1.y", false));
  EXPECT_THROW(ShardPlan({1, 9}, boots), Failure);
}

// The first half of a comparison on two filesystems, and the second.
class MergeTest : public testing::Test {
 protected:
  static Results part(bool series_on) {
    Results run = samples::failedRun();
    TreeResults& results = run.trees.front();
    results.title = "mainline";
    results.kernels = {samples::kernel(series_on)};
    for (MachineResult& machine : results.machines) machine.series_on = series_on;
    return run;
  }
  ShardRecord stored(const ShardRecord& record) {
    const std::string directory = "part-" + record.shard.text().substr(0, 1);
    scratch_.write(directory + "/shard.json", shardJson(record, scratch_ / directory));
    return readShard(scratch_ / directory);
  }
  static std::string refusal(const std::vector<ShardRecord>& records) {
    try {
      merged(records);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage);
      return failure.what();
    }
    return "no failure";
  }
  ScratchDirectory scratch_;
  const ShardRecord off_{{1, 2}, "run --series both", part(false)};
  const ShardRecord on_{{2, 2}, "run --series both", part(true)};
};

TEST_F(MergeTest, AShardIsReadAsItWasWritten) {
  const ShardRecord read = stored(off_);
  EXPECT_EQ(read.shard.text(), "1/2");
  EXPECT_EQ(read.run, off_.run);
  EXPECT_EQ(json(read.results, read.results.trees[0]), json(off_.results, off_.results.trees[0]));
}

TEST_F(MergeTest, ConsoleLogsAreFoundWhereverTheDirectoryIs) {
  ShardRecord record = off_;
  record.results.trees[0].machines[0].console_log = scratch_ / "part-1/mainline/c.log";
  EXPECT_THAT(scratch_.read("part-1/shard.json"), "");
  stored(record);
  std::filesystem::rename(scratch_ / "part-1", scratch_ / "elsewhere");
  EXPECT_EQ(readShard(scratch_ / "elsewhere").results.trees[0].machines[0].console_log,
            scratch_ / "elsewhere/mainline/c.log");
}

TEST_F(MergeTest, PartsInAnyOrderAreOneRun) {
  const Results all = merged({stored(on_), stored(off_)});
  ASSERT_EQ(all.trees.size(), 1u);
  const TreeResults& results = all.trees[0];
  ASSERT_EQ(results.kernels.size(), 2u);
  EXPECT_EQ(results.kernels[0].series, "off");
  EXPECT_EQ(results.machines.size(), 4u);
  EXPECT_FALSE(results.machines[0].series_on);
}

TEST_F(MergeTest, APartOfAComparisonFailsForItsMachinesAlone) {
  EXPECT_EQ(judge(off_.results), ExitStatus::fail);
  EXPECT_EQ(judgePart(off_.results), ExitStatus::pass);
  Results panicked = off_.results;
  panicked.trees[0].machines[0].verdict = Verdict::panic;
  EXPECT_EQ(judgePart(panicked), ExitStatus::panic);
}

TEST_F(MergeTest, RefusesARunWithoutCases) {
  ShardRecord off = off_, on = on_;
  for (ShardRecord* record : {&off, &on}) {
    record->results.filter = "C*";
    for (MachineResult& machine : record->results.trees[0].machines) machine.cases.clear();
  }
  EXPECT_THAT(refusal({off, on}), HasSubstr("'C*' matches only cases that do not apply"));
  EXPECT_THAT(refusal({off, on_}), "no failure");
}

// One shard alone may lack its filesystem.
TEST_F(MergeTest, SaysWhatAKernelLacksOnWhichNoShardCouldRun) {
  ShardRecord off = off_, on = on_;
  for (MachineResult& machine : off.results.trees[0].machines) {
    machine.verdict = Verdict::skip;
    machine.lacks = {"xfs (CONFIG_XFS_FS)"};
  }
  EXPECT_FALSE(merged({off, on}).trees[0].failure);
  for (MachineResult& machine : on.results.trees[0].machines) {
    machine.verdict = Verdict::skip;
    machine.lacks = {"ext4 (CONFIG_EXT4_FS)"};
  }
  try {
    merged({stored(off), stored(on)});
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::error);
    EXPECT_THAT(failure.what(), AllOf(HasSubstr("no case can run"), HasSubstr("CONFIG_XFS_FS"),
                                      HasSubstr("CONFIG_EXT4_FS")));
  }
}

TEST_F(MergeTest, RefusesShardsThatAreNotOneRun) {
  EXPECT_THAT(refusal({off_}), HasSubstr("missing: 2/2"));
  EXPECT_THAT(refusal({off_, on_, on_}), HasSubstr("2/2 was given twice"));
  ShardRecord other = on_;
  other.run = "run --series on";
  EXPECT_THAT(refusal({off_, other}), HasSubstr("from different runs"));
  other = on_;
  other.results.version = "v2";
  EXPECT_THAT(refusal({off_, other}), HasSubstr("version v1"));
  other = on_;
  other.guest = "another";
  EXPECT_THAT(refusal({off_, stored(other)}), HasSubstr("ran different suites"));
  other = {{2, 2}, off_.run, part(false)};
  KernelIdentity& kernel = other.results.trees[0].kernels[0];
  kernel.key = "another";
  EXPECT_THAT(refusal({off_, other}), HasSubstr("different kernels of mainline"));
  kernel = off_.results.trees[0].kernels[0];
  kernel.config_hash = "another";
  EXPECT_THAT(refusal({off_, other}), HasSubstr("configuration another"));
  kernel.source = "/home/sam/linux, commit 123456789abc";
  EXPECT_THAT(refusal({off_, other}), HasSubstr("commit 123456789abc"));
}

TEST_F(MergeTest, RefusesWhatItCannotRead) {
  EXPECT_THROW(readShard(scratch_ / "nowhere"), Failure);
  for (const char* text : {"{", "[]", "{\"format\": 2}", "{\"format\": 1}"}) {
    scratch_.write("bad/shard.json", text);
    EXPECT_THROW(readShard(scratch_ / "bad"), Failure) << text;
  }
}

}  // namespace
}  // namespace runner
