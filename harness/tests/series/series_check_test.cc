// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "series/check/fit.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The second patch changes the line that the first one has written.
constexpr const char* kFirst =
    "Subject: one\n\n--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -1,7 +1,7 @@\n 1\n 2\n 3\n-b\n+B\n c\n "
    "d\n e\n";
constexpr const char* kSecond =
    "Subject: two\n\n--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -1,7 +1,7 @@\n 1\n 2\n 3\n-B\n+BB\n c\n "
    "d\n e\n";

constexpr const char* kBefore = "1\n2\n3\nb\nc\nd\ne\n";

class SeriesCheckTest : public testing::Test {
 protected:
  SeriesCheckTest() {
    tree_.name = "6.12.y";
    tree_.patches = scratch_ / "patches";
    tree_.series = {scratch_ / "patches/a-syncfs"};
    scratch_.write("patches/BASE", "linux-6.12.117\n");
    scratch_.write("patches/a-syncfs/series", "1.patch\n2.patch\n");
    scratch_.write("patches/a-syncfs/1.patch", kFirst);
    scratch_.write("patches/a-syncfs/2.patch", kSecond);
    source_.release = "6.12.118";
    source_.hash = "0123456789abcdef";
  }
  TreeFit fitOn(const std::string& content) {
    scratch_.write("cache/source/6.12.y/6.12.118-0123456789ab/pristine/fs/sync.c", content);
    return fitOfTree(tree_, source_, Cache(scratch_ / "cache"), progress_);
  }
  ScratchDirectory scratch_;
  RecordingProgress progress_;
  Tree tree_;
  Source source_;
};

TEST_F(SeriesCheckTest, EachPatchIsTriedOnTopOfTheOneBefore) {
  const TreeFit fit = fitOn(kBefore);
  EXPECT_EQ(fit.worst(), Fit::clean);
  EXPECT_EQ(fit.patches.size(), 2u);
  EXPECT_EQ(judge({fit}), ExitStatus::pass);
  EXPECT_THAT(fitTable({fit}), AllOf(HasSubstr("6.12.y"), HasSubstr("6.12.118"),
                                     HasSubstr("6.12.117"), HasSubstr("clean")));
  EXPECT_EQ(scratch_.read("cache/source/6.12.y/6.12.118-0123456789ab/pristine/fs/sync.c"), kBefore);
}

TEST_F(SeriesCheckTest, CountsMovedHunks) {
  EXPECT_THAT(fitTable({fitOn("0\n" + std::string(kBefore))}),
              HasSubstr("clean, 2 of 2 hunks moved"));
}

TEST_F(SeriesCheckTest, NamesAHunkThatNeedsFuzz) {
  const TreeFit fit = fitOn("1\n2\n3\nb\nc\nd\nE\n");
  EXPECT_EQ(judge({fit}), ExitStatus::fail);
  EXPECT_THAT(fitTable({fit}), AllOf(HasSubstr("fuzz in 2 of 2 hunks"), HasSubstr("1.patch"),
                                     HasSubstr("fs/sync.c: hunk 1")));
}

TEST_F(SeriesCheckTest, EndsAtThePatchThatConflicts) {
  const TreeFit fit = fitOn("x\ny\nz\n");
  EXPECT_EQ(fit.patches.size(), 1u);
  EXPECT_EQ(judge({fit}), ExitStatus::build);
  EXPECT_THAT(fitTable({fit}),
              AllOf(HasSubstr("conflict in 1.patch"),
                    HasSubstr("fs/sync.c: hunk 1 at line 1, conflict"), Not(HasSubstr("2.patch"))));
}

TEST_F(SeriesCheckTest, AnUnavailableTreeIsReportedAndDecidesTheStatus) {
  TreeFit gone;
  gone.tree = "5.10.y";
  gone.failure = "Debian's archive has no release 5.10";
  gone.status = ExitStatus::environment;
  const TreeFit fit = fitOn(kBefore);
  EXPECT_THAT(fitTable({gone, fit}),
              AllOf(HasSubstr("not checked"), HasSubstr("5.10.y: Debian's archive has no"),
                    HasSubstr("clean")));
  EXPECT_EQ(judge({gone, fit}), ExitStatus::environment);
}

TEST_F(SeriesCheckTest, RefusesAMalformedBase) {
  scratch_.write("patches/BASE", "6.12\nand more\n");
  EXPECT_THROW(fitOn(kBefore), Failure);
}

}  // namespace
}  // namespace runner
