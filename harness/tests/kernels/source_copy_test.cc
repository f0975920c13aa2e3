// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/source_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "runner/base/failure.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

class SourceCopyTest : public testing::Test {
 protected:
  SourceCopyTest() {
    scratch_.write("own/Makefile", "all:\n");
    scratch_.write("own/fs/sync.c", "sync\n");
    scratch_.write("own/fs/open.c", "open\n");
    scratch_.write("own/.git/HEAD", "ref: refs/heads/main\n");
    scratch_.write("own/drivers/media/big.c", "nobody builds this\n");
    scratch_.write("own/scripts/run.sh", "#!/bin/sh\n");
    fs::permissions(scratch_ / "own/scripts/run.sh", fs::perms::owner_exec, fs::perm_options::add);
    fs::create_symlink("sync.c", scratch_ / "own/fs/link.c");
    fs::create_directory(scratch_ / "cache");
    copy();
  }
  std::string copy() {
    const SourceCopy made = copySource(scratch_ / "own", scratch_ / "cache", progress_);
    EXPECT_EQ(made.path, scratch_ / "cache/pristine");
    return made.hash;
  }
  std::string copied(const std::string& name) const {
    return scratch_.read("cache/pristine/" + name);
  }
  bool has(const std::string& name) const {
    return fs::exists(fs::symlink_status(scratch_ / ("cache/pristine/" + name)));
  }
  fs::file_time_type timeOf(const std::string& name) const {
    return fs::last_write_time(scratch_ / ("cache/pristine/" + name));
  }

  ScratchDirectory scratch_;
  RecordingProgress progress_;
};

TEST_F(SourceCopyTest, HasWhatABuildNeedsAndSharesNothing) {
  EXPECT_EQ(copied("fs/sync.c"), "sync\n");
  EXPECT_TRUE(fs::is_symlink(scratch_ / "cache/pristine/fs/link.c"));
  EXPECT_FALSE(has(".git"));
  EXPECT_FALSE(has("drivers/media/big.c"));
  const auto mode = fs::status(scratch_ / "cache/pristine/scripts/run.sh").permissions();
  EXPECT_NE(mode & fs::perms::owner_exec, fs::perms::none);
  // An editor that writes in place must not reach the copy.
  std::ofstream(scratch_ / "own/fs/sync.c", std::ios::app) << "more\n";
  EXPECT_EQ(copied("fs/sync.c"), "sync\n");
}

TEST_F(SourceCopyTest, FollowsEveryKindOfChange) {
  const std::string before = copy();
  const auto old = timeOf("fs/open.c");
  // In place, with the old size and the old time of the file.
  const auto written = fs::last_write_time(scratch_ / "own/fs/sync.c");
  scratch_.write("own/fs/sync.c", "SYNC\n");
  fs::last_write_time(scratch_ / "own/fs/sync.c", written);
  EXPECT_NE(copy(), before);
  EXPECT_EQ(copied("fs/sync.c"), "SYNC\n");
  EXPECT_EQ(timeOf("fs/open.c"), old);

  scratch_.write("own/fs/new/file.c", "new\n");
  fs::remove(scratch_ / "own/fs/open.c");
  copy();
  EXPECT_EQ(copied("fs/new/file.c"), "new\n");
  EXPECT_FALSE(has("fs/open.c"));
  // A directory in the place of a file, and the other way round.
  fs::remove_all(scratch_ / "own/fs/new");
  scratch_.write("own/fs/new", "a file\n");
  fs::remove(scratch_ / "own/fs/link.c");
  scratch_.write("own/fs/link.c/file.c", "a directory\n");
  copy();
  EXPECT_EQ(copied("fs/new"), "a file\n");
  EXPECT_EQ(copied("fs/link.c/file.c"), "a directory\n");
  fs::permissions(scratch_ / "own/fs/new", fs::perms::owner_exec, fs::perm_options::add);
  const std::string plain = copy();
  fs::permissions(scratch_ / "own/fs/new", fs::perms::owner_exec, fs::perm_options::remove);
  EXPECT_NE(copy(), plain);
}

TEST_F(SourceCopyTest, TheSameContentIsTheSameSource) {
  const std::string before = copy();
  const auto old = timeOf("fs/sync.c");
  scratch_.write("own/fs/sync.c", "sync\n");
  EXPECT_EQ(copy(), before);
  EXPECT_EQ(timeOf("fs/sync.c"), old) << "make would compile it again";
  // What a build doesn't read is no change.
  scratch_.write("own/.git/HEAD", "ref: refs/heads/other\n");
  EXPECT_EQ(copy(), before);
}

// A run that was killed has copied files, and its list of them is that of the run before.
TEST_F(SourceCopyTest, CarriesOnAfterAnInterruption) {
  const std::string before = copy();
  scratch_.write("cache/pristine/fs/sync.c", "half\n");
  scratch_.write("own/fs/sync.c", "half\n");
  scratch_.write("own/fs/sync.c", "sync\n");
  EXPECT_EQ(copy(), before);
  EXPECT_EQ(copied("fs/sync.c"), "sync\n");
  // Without a list nothing is known about the copy.
  fs::remove(scratch_ / "cache/files");
  scratch_.write("cache/pristine/fs/foreign.c", "?\n");
  EXPECT_EQ(copy(), before);
  EXPECT_FALSE(has("fs/foreign.c"));
}

class OutwardLinkTest : public SourceCopyTest {
 protected:
  OutwardLinkTest() {
    scratch_.write("KernelSU/kernel/core.c", "core\n");
    scratch_.write("KernelSU/include/api.h", "api\n");
    fs::create_symlink("../include", scratch_ / "KernelSU/kernel/include");
    fs::create_directory_symlink("../../KernelSU/kernel", scratch_ / "own/drivers/kernelsu");
  }
};

TEST_F(OutwardLinkTest, IsFollowedToDirectoriesAndFiles) {
  fs::create_symlink(scratch_ / "KernelSU/include/api.h", scratch_ / "own/fs/api.h");
  fs::create_symlink(scratch_ / "own/fs/open.c", scratch_ / "own/fs/absolute.c");
  fs::create_symlink("../../own/fs/open.c", scratch_ / "own/fs/around.c");
  const std::string before = copy();
  for (const char* file : {"drivers/kernelsu/core.c", "drivers/kernelsu/include/api.h", "fs/api.h",
                           "fs/absolute.c", "fs/around.c"}) {
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(scratch_ / "cache/pristine" / file)))
        << file;
  }
  EXPECT_EQ(copied("drivers/kernelsu/include/api.h"), "api\n");
  EXPECT_EQ(copied("fs/around.c"), "open\n");
  EXPECT_TRUE(fs::is_symlink(scratch_ / "cache/pristine/fs/link.c")) << "it stays in the tree";
  // What changes behind the link is a change.
  EXPECT_EQ(copy(), before);
  scratch_.write("KernelSU/kernel/core.c", "CORE\n");
  scratch_.write("KernelSU/kernel/new.c", "new\n");
  EXPECT_NE(copy(), before);
  EXPECT_EQ(copied("drivers/kernelsu/core.c"), "CORE\n");
  EXPECT_EQ(copied("drivers/kernelsu/new.c"), "new\n");
  fs::remove(scratch_ / "own/drivers/kernelsu");
  copy();
  EXPECT_FALSE(has("drivers/kernelsu/core.c"));
}

TEST_F(OutwardLinkTest, StaysALinkWhereFollowingItWouldNotEnd) {
  fs::create_symlink("../../own", scratch_ / "KernelSU/kernel/linux");
  fs::create_symlink("..", scratch_ / "KernelSU/include/up");
  fs::create_symlink("/", scratch_ / "own/fs/root");
  fs::create_symlink("/no/such/file", scratch_ / "own/fs/dangling");
  fs::create_symlink("self", scratch_ / "own/fs/self");
  fs::create_symlink("/dev/null", scratch_ / "own/fs/null");
  copy();
  for (const char* link : {"drivers/kernelsu/linux", "drivers/kernelsu/include/up", "fs/root",
                           "fs/dangling", "fs/self", "fs/null"}) {
    EXPECT_TRUE(fs::is_symlink(scratch_ / "cache/pristine" / link)) << link;
  }
}

TEST_F(SourceCopyTest, NamesWhatIsMissing) {
  try {
    copySource(scratch_ / "none", scratch_ / "cache", progress_);
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::environment);
    EXPECT_THAT(failure.what(), testing::HasSubstr("/none: No such file"));
  }
}

}  // namespace
}  // namespace runner
