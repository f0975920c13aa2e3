// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/nearest_tree.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "runner/kernels/makefile_release.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

TEST(MakefileRelease, IsWhatTheMakefileSays) {
  const std::string version = "# a comment\nVERSION = 6\nPATCHLEVEL = 1\n";
  EXPECT_EQ(releaseInMakefile(version + "SUBLEVEL = 150\nEXTRAVERSION =\nNAME = Some Animal\n"),
            "6.1.150");
  EXPECT_EQ(releaseInMakefile(version + "SUBLEVEL = 0\nEXTRAVERSION = -rc3\n"), "6.1-rc3");
  EXPECT_EQ(releaseInMakefile("all:\n\techo VERSION = 6\n"), "");
}

TEST(MakefileRelease, CountsReleasesAcrossMajorNumbers) {
  EXPECT_EQ(releasesApart("6.1.150", "6.1"), 0);
  EXPECT_EQ(releasesApart("5.15.135", "5.10"), 5);
  EXPECT_EQ(releasesApart("5.15.135", "6.1.192"), 6);
  EXPECT_EQ(releasesApart("6.18", "7.2"), 4);
  EXPECT_EQ(releasesApart("4.20", "5.0-rc1"), 1);
}

// Trees of 5.10, 6.1 and 6.12; the patch of each fits a source whose only line is its name.
class NearestTreeTest : public testing::Test {
 protected:
  NearestTreeTest() {
    for (const char* version : {"5.10", "6.1", "6.12"}) {
      Tree tree;
      tree.name = fmt::format("{}.y", version);
      tree.version = version;
      const std::string directory = fmt::format("patches/{}/a-syncfs/", tree.name);
      scratch_.write(directory + "series", "0001.patch\n");
      scratch_.write(
          directory + "0001.patch",
          fmt::format("--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -1 +1 @@\n-{}\n+new\n", version));
      tree.series = {scratch_ / fmt::format("patches/{}/a-syncfs", tree.name)};
      trees_.all.push_back(tree);
      tree.name = fmt::format("debian-{}", version);
      tree.package = "linux-source";
      trees_.all.push_back(tree);
    }
    fs::create_directory(scratch_ / "scratch");
    for (const char* file : {"Kconfig", "arch/x86/Kconfig", "fs/overlayfs/super.c"}) {
      scratch_.write(std::string("own/") + file, "");
    }
  }
  NearestTree nearest(const std::string& version, const std::string& patchlevel,
                      const std::string& content) {
    scratch_.write("own/Makefile", fmt::format("VERSION = {}\nPATCHLEVEL = {}\nSUBLEVEL = 3\n",
                                               version, patchlevel));
    scratch_.write("own/fs/sync.c", content + '\n');
    return nearestTreeOf(scratch_ / "own", trees_, cache_, progress_);
  }

  ScratchDirectory scratch_;
  Cache cache_{scratch_ / "cache"};
  Trees trees_;
  RecordingProgress progress_;
};

TEST_F(NearestTreeTest, IsTheOneOfTheSameRelease) {
  const NearestTree found = nearest("6", "1", "whatever");
  EXPECT_EQ(found.name, "6.1.y");
  EXPECT_EQ(found.release, "6.1.3");
  EXPECT_THAT(progress_.steps, testing::IsEmpty()) << "there was nothing to try";
}

TEST_F(NearestTreeTest, IsTheOneWhoseSeriesFits) {
  const NearestTree found = nearest("6", "6", "6.12");
  EXPECT_EQ(found.name, "6.12.y");
  EXPECT_THAT(found.reason, AllOf(HasSubstr("Linux 6.6.3"), HasSubstr("all 1 hunks fit"),
                                  HasSubstr("6.1.y: 0 of 1 hunks fit")));
  EXPECT_EQ(scratch_.read("own/fs/sync.c"), "6.12\n") << "the trial wrote into the user's tree";
}

TEST_F(NearestTreeTest, IsTheNearestReleaseIfNoneFitsBetter) {
  EXPECT_EQ(nearest("6", "6", "neither").name, "6.1.y");
  EXPECT_EQ(nearest("5", "15", "neither").name, "5.10.y");
  EXPECT_EQ(nearest("6", "18", "neither").name, "6.12.y");
}

TEST_F(NearestTreeTest, NeedsARelease) {
  scratch_.write("own/Makefile", "all:\n");
  try {
    nearestTreeOf(scratch_ / "own", trees_, cache_, progress_);
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    EXPECT_THAT(failure.what(), AllOf(HasSubstr("/own"), HasSubstr("no VERSION")));
  }
}

}  // namespace
}  // namespace runner
