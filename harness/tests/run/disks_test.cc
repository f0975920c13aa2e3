// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/disks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "filesystems/registry.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "sys/child_process.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

class DiskTest : public testing::TestWithParam<std::string> {
 protected:
  ScratchDirectory scratch_;
  Cache cache_{scratch_.path()};
  RecordingProgress progress_;
};

// The filesystem according to an independent program.
std::string typeOf(const fs::path& file) {
  return sys::runCommand(
             {{findTool("blkid").string(), "-p", "-s", "TYPE", "-o", "value", file.string()}})
      .text;
}

TEST_P(DiskTest, HoldsItsFilesystemAndIsSparse) {
  const fs::path disk = provideDisk(GetParam(), cache_, progress_);
  EXPECT_EQ(typeOf(disk), GetParam() + '\n');
  struct stat status {};
  ASSERT_EQ(::stat(disk.c_str(), &status), 0);
  EXPECT_LT(std::int64_t{status.st_blocks} * 512, status.st_size / 2);
}

TEST_P(DiskTest, IsMadeOnce) {
  const fs::path first = provideDisk(GetParam(), cache_, progress_);
  const auto time = fs::last_write_time(first);
  EXPECT_EQ(provideDisk(GetParam(), cache_, progress_), first);
  EXPECT_EQ(fs::last_write_time(first), time);
  EXPECT_EQ(progress_.steps.size(), 1u);
}

TEST_P(DiskTest, IsMadeAgainWhenItWasCutOff) {
  const fs::path disk = provideDisk(GetParam(), cache_, progress_);
  const auto size = fs::file_size(disk);
  fs::resize_file(disk, 4096);
  EXPECT_EQ(provideDisk(GetParam(), cache_, progress_), disk);
  EXPECT_EQ(fs::file_size(disk), size);
  EXPECT_THAT(progress_.notes, testing::ElementsAre(testing::HasSubstr("damaged")));
}

INSTANTIATE_TEST_SUITE_P(All, DiskTest, testing::ValuesIn(filesystems::names()),
                         [](const auto& info) { return info.param; });

TEST(Disks, RefusesAnUnknownFilesystem) {
  ScratchDirectory scratch;
  RecordingProgress progress;
  EXPECT_THROW(provideDisk("zfs", Cache(scratch.path()), progress), std::out_of_range);
}

// The message of findTool() if neither PATH nor the system directories have the program.
std::string complaint(const std::string& program) {
  const char* const known = ::getenv("PATH");
  const std::string path = known == nullptr ? "" : known;
  ::setenv("PATH", "/nowhere", 1);
  std::string what = "none";
  try {
    findTool(program);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::environment);
    what = failure.what();
  }
  ::setenv("PATH", path.c_str(), 1);
  return what;
}

TEST(FindTool, NamesThePackageOfWhatIsMissing) {
  EXPECT_EQ(complaint("mkfs.nothing"), "`mkfs.nothing` is missing: apt-get install mkfs.nothing");
  // It is in no system directory, only in PATH.
  EXPECT_EQ(complaint("strip"), "`strip` is missing: apt-get install binutils");
}

}  // namespace
}  // namespace runner
