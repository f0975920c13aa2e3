// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/patched_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "tests/support/series_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// make recompiles a file that is newer than its object, so a wrong timestamp puts a stale object
// into the image, or recompiles everything.
class TimesTest : public SeriesTest {
 protected:
  TimesTest() {
    // Upstream's files are as old as the release.
    for (const char* name : {"sync.c", "open.c"}) {
      fs::last_write_time(scratch_ / "source/pristine/fs" / name, kRelease);
    }
  }
  fs::file_time_type timeOf(const std::string& name) const {
    return fs::last_write_time(scratch_ / "source/with-a-syncfs/fs" / name);
  }
  // Now, by the filesystem's clock.
  fs::file_time_type now() const { return fs::last_write_time(scratch_.write("now", "")); }
  void writePatch(const std::string& text) { scratch_.write("a-syncfs/0001-first.patch", text); }

  const fs::file_time_type kRelease = now() - std::chrono::hours(1000);
  static constexpr const char* kOther =
      "--- a/fs/open.c\n+++ b/fs/open.c\n@@ -1 +1 @@\n-open\n+OPEN\n";
};

TEST_F(TimesTest, AFileThatReturnsToUpstreamIsNew) {
  apply();
  const auto compiled = timeOf("sync.c");
  const auto before = now();
  writePatch(kOther);
  apply();
  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/sync.c"), kSync);
  EXPECT_GT(timeOf("sync.c"), compiled);
  EXPECT_GE(timeOf("sync.c"), before);
  EXPECT_GE(timeOf("open.c"), before);
  // The pristine source was not touched, so a new tree made of it is as old as it is.
  EXPECT_EQ(fs::last_write_time(scratch_ / "source/pristine/fs/sync.c"), kRelease);
}

TEST_F(TimesTest, UnchangedFilesKeepTheirTime) {
  apply();
  const auto compiled = timeOf("sync.c");
  writePatch(std::string(kFirst) + kOther);
  apply();
  EXPECT_EQ(timeOf("sync.c"), compiled);
  EXPECT_GT(timeOf("open.c"), kRelease);
  // Back and forth without anything in between.
  const auto opened = timeOf("open.c");
  writePatch(kFirst);
  apply();
  EXPECT_EQ(timeOf("sync.c"), compiled);
  EXPECT_GT(timeOf("open.c"), opened);
  // A file that stays at upstream's content keeps its time, too.
  const auto restored = timeOf("open.c");
  writePatch(std::string(kFirst) + "\n");
  apply();
  EXPECT_EQ(timeOf("open.c"), restored);
}

TEST_F(TimesTest, APatchThatUndoesAnotherChangesNothing) {
  apply();
  writePatch(std::string(kOther) + "--- a/fs/open.c\n+++ b/fs/open.c\n@@ -1 +1 @@\n-OPEN\n+open\n");
  apply();
  EXPECT_EQ(timeOf("open.c"), kRelease);
}

TEST_F(TimesTest, AFailureInBetweenLosesNoTimestamp) {
  apply();
  const auto compiled = timeOf("sync.c");
  writePatch(std::string(kOther) + "--- a/fs/none.c\n+++ b/fs/none.c\n@@ -1 +1 @@\n-x\n+y\n");
  EXPECT_THAT(complaint(), HasSubstr("does not apply"));
  writePatch(kFirst);
  apply();
  EXPECT_EQ(timeOf("sync.c"), compiled);
  EXPECT_EQ(timeOf("open.c"), kRelease);

  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/open.c"), "open\n");
  writePatch(std::string(kOther) + "--- a/fs/none.c\n+++ b/fs/none.c\n@@ -1 +1 @@\n-x\n+y\n");
  EXPECT_THAT(complaint(), HasSubstr("does not apply"));
  const auto before = now();
  writePatch(kOther);
  apply();
  EXPECT_GE(timeOf("sync.c"), before);
}

// The pristine tree is a copy of the user's, who has edited some files.
TEST_F(TimesTest, FollowsAPristineTreeThatChanges) {
  apply();
  const auto compiled = timeOf("sync.c");
  const auto replace = [&](const std::string& name, const std::string& text) {
    const fs::path file = scratch_ / ("source/pristine/" + name);
    fs::remove(file);
    if (!text.empty()) scratch_.write("source/pristine/" + name, text);
  };
  const auto before = now();
  replace("fs/open.c", "");
  replace("fs/other/close.c", "close\n");
  followPristine(scratch_ / "source/pristine", {"fs/open.c", "fs/other/close.c"});
  apply();
  EXPECT_FALSE(fs::exists(scratch_ / "source/with-a-syncfs/fs/open.c"));
  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/other/close.c"), "close\n");
  EXPECT_EQ(timeOf("sync.c"), compiled);
  // A file that a patch changes: the patch goes on the new content, and the file is new.
  replace("fs/sync.c", std::string(kSync) + "nine\n");
  followPristine(scratch_ / "source/pristine", {"fs/sync.c"});
  EXPECT_THAT(apply(), testing::Eq(scratch_ / "source/with-a-syncfs"));
  EXPECT_THAT(scratch_.read("source/with-a-syncfs/fs/sync.c"),
              testing::AllOf(HasSubstr("FOUR"), HasSubstr("nine")));
  EXPECT_GE(timeOf("sync.c"), before);
}

TEST_F(TimesTest, ReadsAnOldStateWithoutTimestamps) {
  apply();
  const auto compiled = timeOf("sync.c");
  scratch_.write("source/with-a-syncfs.json",
                 R"({"series":"old","touched":["fs/sync.c","fs/new.c"]})");
  const auto before = now();
  writePatch(kFirst);
  apply();
  EXPECT_EQ(timeOf("sync.c"), compiled);
  scratch_.write("source/with-a-syncfs.json",
                 R"({"series":"old","touched":["fs/sync.c","fs/new.c"]})");
  writePatch(kOther);
  apply();
  EXPECT_GE(timeOf("sync.c"), before);
}

}  // namespace
}  // namespace runner
