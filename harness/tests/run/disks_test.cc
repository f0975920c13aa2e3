// SPDX-License-Identifier: GPL-2.0
#include "runner/run/disks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_folder.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

struct Magic {
  std::string filesystem;
  std::streamoff offset;  // bytes
  std::string bytes;
};

class DiskTest : public testing::TestWithParam<Magic> {
 protected:
  ScratchFolder scratch_;
  Cache cache_{scratch_.path()};
  RecordingProgress progress_;
};

std::string bytesAt(const fs::path& file, std::streamoff offset, std::size_t length) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(offset);
  std::string bytes(length, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(length));
  return bytes;
}

TEST_P(DiskTest, HoldsItsFilesystemAndIsSparse) {
  const fs::path disk = provideDisk(GetParam().filesystem, cache_, progress_);
  EXPECT_EQ(bytesAt(disk, GetParam().offset, GetParam().bytes.size()), GetParam().bytes);
  struct stat status {};
  ASSERT_EQ(::stat(disk.c_str(), &status), 0);
  EXPECT_LT(std::int64_t{status.st_blocks} * 512, status.st_size / 2);
}

TEST_P(DiskTest, IsMadeOnce) {
  const fs::path first = provideDisk(GetParam().filesystem, cache_, progress_);
  const auto time = fs::last_write_time(first);
  EXPECT_EQ(provideDisk(GetParam().filesystem, cache_, progress_), first);
  EXPECT_EQ(fs::last_write_time(first), time);
  EXPECT_EQ(progress_.steps.size(), 1u);
}

TEST_P(DiskTest, IsMadeAgainWhenItWasCutOff) {
  const fs::path disk = provideDisk(GetParam().filesystem, cache_, progress_);
  const auto size = fs::file_size(disk);
  fs::resize_file(disk, 4096);
  EXPECT_EQ(provideDisk(GetParam().filesystem, cache_, progress_), disk);
  EXPECT_EQ(fs::file_size(disk), size);
  EXPECT_THAT(progress_.notes, testing::ElementsAre(testing::HasSubstr("damaged")));
}

const std::vector<Magic> kMagics = {
    {"ext4", 1024 + 0x38, "\x53\xEF"}, {"xfs", 0, "XFSB"}, {"btrfs", 65536 + 64, "_BHRfS_M"}};

INSTANTIATE_TEST_SUITE_P(All, DiskTest, testing::ValuesIn(kMagics),
                         [](const auto& info) { return info.param.filesystem; });

TEST(Disks, EveryFilesystemThatIsListedIsMadeHere) {
  std::vector<std::string> made;
  for (const Magic& magic : kMagics) made.push_back(magic.filesystem);
  EXPECT_EQ(knownFilesystems(), made);
}

// What findTool() says where the folders of PATH and the system's hold no such program.
std::string complaint(const std::string& program) {
  const std::string path = ::getenv("PATH");
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
  // No system folder has it, only those that a PATH names.
  EXPECT_EQ(complaint("strip"), "`strip` is missing: apt-get install binutils");
}

}  // namespace
}  // namespace runner
