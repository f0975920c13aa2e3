// SPDX-License-Identifier: GPL-2.0
#include "runner/run/disks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

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

INSTANTIATE_TEST_SUITE_P(All, DiskTest,
                         testing::Values(Magic{"ext4", 1024 + 0x38, "\x53\xEF"},
                                         Magic{"xfs", 0, "XFSB"},
                                         Magic{"btrfs", 65536 + 64, "_BHRfS_M"}),
                         [](const auto& info) { return info.param.filesystem; });

TEST(Disks, ListsWhatItMakes) {
  EXPECT_THAT(knownFilesystems(), testing::ElementsAre("ext4", "xfs", "btrfs"));
}

TEST(FindTool, NamesThePackageOfWhatIsMissing) {
  try {
    findTool("mkfs.nothing");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::environment);
    EXPECT_THAT(failure.what(), testing::HasSubstr("`mkfs.nothing` is missing"));
  }
}

}  // namespace
}  // namespace runner
