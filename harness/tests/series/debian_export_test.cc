// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "series/export/debian.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::chrono::year_month_day kDay{std::chrono::year{2026}, std::chrono::month{3},
                                           std::chrono::day{7}};
constexpr const char* kPatch =
    "Subject: [PATCH 6.1.y 2/4] fs: let a superblock name the errseq that\n syncfs checks\n\n"
    "Why.\n---\n fs/sync.c | 2 +-\n\n--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -1 +1 @@\n-a\n+b\n";

class DebianExportTest : public testing::Test {
 protected:
  std::vector<std::string> write(const std::vector<std::string>& names) {
    Series series;
    series.names = {"a-syncfs"};
    for (const std::string& name : names) {
      series.patches.push_back(scratch_.write("a-syncfs/" + name, kPatch));
    }
    return exportToDebian(series, "6.1.y", scratch_ / "debian/patches", kDay);
  }
  std::string refusal(const std::string& directory) {
    try {
      exportToDebian(Series(), "6.1.y", scratch_ / directory, kDay);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage);
      return failure.what();
    }
    return "no failure";
  }
  ScratchDirectory scratch_;
};

TEST(Dep3, ReplacesTheHeaderOfAMail) {
  EXPECT_EQ(asDep3(kPatch, "other, here", kDay),
            "Subject: fs: let a superblock name the errseq that syncfs checks\n"
            "Origin: other, here\nForwarded: no\nLast-Update: 2026-03-07\n\n"
            "Why.\n---\n fs/sync.c | 2 +-\n\n--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -1 +1 @@\n-a\n"
            "+b\n");
}

TEST(Dep3, LeavesOutNotesForMailsToStable) {
  const std::string patch =
      "Subject: one\n\n[ Draft: not yet.\n  More. ]\n\nWhy.\n---\n\n--- a/f\n+++ b/f\n";
  EXPECT_THAT(asDep3(patch, "other", kDay), HasSubstr("Last-Update: 2026-03-07\n\nWhy.\n---\n"));
}

TEST(Dep3, RefusesWhatIsNotAPatch) {
  EXPECT_THROW(asDep3("Why.\n", "other", kDay), Failure);
  EXPECT_THROW(asDep3("Subject: x\n\nno diff\n", "other", kDay), Failure);
}

TEST_F(DebianExportTest, AppendsToExistingPatches) {
  scratch_.write("debian/patches/series", "# Debian's\ndebian/one.patch\n");
  EXPECT_THAT(write({"1.patch", "2.patch"}),
              ElementsAre("bugfix/all/ovl-syncfs/1.patch", "bugfix/all/ovl-syncfs/2.patch"));
  EXPECT_EQ(scratch_.read("debian/patches/series"),
            "# Debian's\ndebian/one.patch\nbugfix/all/ovl-syncfs/1.patch\n"
            "bugfix/all/ovl-syncfs/2.patch\n");
  EXPECT_THAT(scratch_.read("debian/patches/bugfix/all/ovl-syncfs/2.patch"),
              HasSubstr("Origin: other, ovl-syncfs, a-syncfs for 6.1.y, patch 2 of 2\n"));
}

TEST_F(DebianExportTest, ReplacesAnEarlierExport) {
  write({"1.patch", "2.patch"});
  scratch_.write("debian/patches/series",
                 scratch_.read("debian/patches/series") + "debian/last.patch\n");
  write({"3.patch"});
  EXPECT_EQ(scratch_.read("debian/patches/series"),
            "debian/last.patch\nbugfix/all/ovl-syncfs/3.patch\n");
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "debian/patches/bugfix/all/ovl-syncfs/1.patch"));
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(scratch_ / "debian/patches")) {
    left.push_back(entry.path().filename().string());
  }
  EXPECT_THAT(left, testing::UnorderedElementsAre("bugfix", "series"));
}

TEST_F(DebianExportTest, LeavesThePatchesOfOthersAlone) {
  write({"1.patch"});
  const std::string mine = "debian/patches/bugfix/all/ovl-syncfs/mine.patch";
  scratch_.write(mine, "Subject: mine\n");
  const std::string before = scratch_.read("debian/patches/series");
  EXPECT_THROW(write({"2.patch"}), Failure);
  EXPECT_EQ(scratch_.read(mine), "Subject: mine\n");
  EXPECT_EQ(scratch_.read("debian/patches/series"), before);
}

TEST_F(DebianExportTest, KeepsALinkAndThePermissionsOfTheFileSeries) {
  namespace fs = std::filesystem;
  const fs::path real = scratch_.write("elsewhere/series", "debian/one.patch\n");
  fs::permissions(real, fs::perms::owner_all);
  fs::create_directories(scratch_ / "debian/patches");
  fs::create_symlink(real, scratch_ / "debian/patches/series");
  write({"1.patch"});
  EXPECT_TRUE(fs::is_symlink(scratch_ / "debian/patches/series"));
  EXPECT_THAT(scratch_.read("elsewhere/series"), HasSubstr("ovl-syncfs/1.patch"));
  EXPECT_EQ(fs::status(real).permissions(), fs::perms::owner_all);
}

TEST_F(DebianExportTest, RefusesWhatIsNotADirectoryOfPatches) {
  scratch_.write("debian/patches/series", "");
  EXPECT_THAT(refusal(""), HasSubstr("its patches are in"));
  scratch_.write("home/letter.txt", "");
  EXPECT_THAT(refusal("home"), HasSubstr("none is named series"));
  EXPECT_THAT(refusal("home/letter.txt"), HasSubstr("is not a directory"));
  std::filesystem::create_directories(scratch_ / "odd/series");
  EXPECT_THAT(refusal("odd"), HasSubstr("is not a file"));
}

}  // namespace
}  // namespace runner
