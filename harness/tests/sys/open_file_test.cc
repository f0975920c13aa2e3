// SPDX-License-Identifier: GPL-2.0-only
#include "sys/open_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>

#include "sys/setup_error.h"

namespace {

using sys::File;
using sys::Result;

TEST(File, OpeningWhatIsNotThereThrowsWithItsName) {
  try {
    const File file("/nowhere/at all", O_RDONLY);
    FAIL() << "there is no such file";
  } catch (const sys::SetupError& error) {
    EXPECT_EQ(error.error(), ENOENT);
    EXPECT_NE(std::string(error.what()).find("/nowhere/at all"), std::string::npos);
  }
}

TEST(File, AnswersAreValues) {
  const File directory(::testing::TempDir(), O_RDONLY | O_DIRECTORY);
  EXPECT_EQ(directory.fsync(), Result::success());
  const File path(::testing::TempDir(), O_PATH);
  EXPECT_EQ(path.syncfs(), Result::failure(EBADF));
  EXPECT_EQ(path.pwrite("x", 0), Result::failure(EBADF));
}

// Lets no file of this process grow beyond a size.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(File, ShortWriteIsNeitherSuccessNorAnErrno) {
  const File file(::testing::TempDir(), O_TMPFILE | O_RDWR);
  const FileSizeLimit limit(3);
  EXPECT_EQ(file.pwrite("abc", 0), Result::success());
  try {
    (void)file.pwrite("abcde", 0);
    FAIL() << "only three bytes can have been written";
  } catch (const sys::SetupError& error) {
    EXPECT_EQ(error.error(), 0);
    EXPECT_NE(std::string(error.what()).find("3 of 5 bytes"), std::string::npos) << error.what();
  }
}

TEST(File, DuplicateIsAnotherDescriptorOfTheSameFile) {
  const File file(::testing::TempDir(), O_TMPFILE | O_RDWR);
  for (const sys::Duplication by : sys::kDuplications) {
    const File copy = file.duplicate(by);
    EXPECT_NE(file.descriptor(), copy.descriptor());
    const auto position = static_cast<off_t>(by) + 7;
    ASSERT_EQ(::lseek(file.descriptor(), position, SEEK_SET), position);
    EXPECT_EQ(::lseek(copy.descriptor(), 0, SEEK_CUR), position) << "one position for both";
  }
}

TEST(File, FreshBytesDifferEachTime) {
  std::set<std::string> all;
  for (int call = 0; call != 1000; ++call) all.insert(sys::freshBytes(20));
  EXPECT_EQ(all.size(), 1000U);
  EXPECT_EQ(all.begin()->size(), 20U);
  EXPECT_NE(sys::freshBytes(1), sys::freshBytes(1));
}

}  // namespace
