// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "tests/support/series_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

TEST_F(SeriesTest, ReadsTheSeriesFile) {
  const Series series = readSeries({scratch_ / "a-syncfs"});
  EXPECT_THAT(series.patches, testing::ElementsAre(scratch_ / "a-syncfs/0001-first.patch"));
  EXPECT_EQ(series.description(), "a-syncfs (1 patch)");
  EXPECT_EQ(Series().description(), "off");
}

TEST_F(SeriesTest, FirstPatchesShareThePlaceOfTheWholeSeries) {
  scratch_.write("a-syncfs/0002-second.patch", kFirst);
  scratch_.write("a-syncfs/series", "0001-first.patch\n0002-second.patch\n");
  const Series whole = readSeries({scratch_ / "a-syncfs"});
  const Series first = firstPatches(whole, 1);
  EXPECT_EQ(first.patches.size(), 1u);
  EXPECT_EQ(first.label(), whole.label());
  EXPECT_NE(first.hash, whole.hash);
  EXPECT_EQ(first.imageLabel(), "a-syncfs+first-1");
  EXPECT_EQ(first.description(), "a-syncfs (only the first patch)");
  EXPECT_EQ(firstPatches(whole, 2).imageLabel(), "a-syncfs");
  EXPECT_EQ(firstPatches(whole, 2).hash, whole.hash);
}

TEST_F(SeriesTest, HashChangesWithAPatch) {
  const std::string before = readSeries({scratch_ / "a-syncfs"}).hash;
  scratch_.write("a-syncfs/0001-first.patch", std::string(kFirst) + "\n");
  EXPECT_NE(readSeries({scratch_ / "a-syncfs"}).hash, before);
}

TEST_F(SeriesTest, HashIgnoresTheChangelog) {
  const std::string before = readSeries({scratch_ / "a-syncfs"}).hash;
  scratch_.write(
      "a-syncfs/0001-first.patch",
      "Subject: say it better" + std::string(kFirst).substr(std::string(kFirst).find('\n')));
  EXPECT_EQ(readSeries({scratch_ / "a-syncfs"}).hash, before);
}

TEST_F(SeriesTest, HashIgnoresDocumentation) {
  const auto hashOf = [&](const std::string& documentation, const std::string& code) {
    scratch_.write("a-syncfs/0001-first.patch",
                   "Subject: one\n---\n b/f.c | 1 +\n\ndiff --git a/Documentation/f.rst "
                   "b/Documentation/f.rst\n--- a/Documentation/f.rst\n+++ b/Documentation/f.rst\n" +
                       documentation + "diff --git a/f.c b/f.c\n--- a/f.c\n+++ b/f.c\n" + code);
    return readSeries({scratch_ / "a-syncfs"}).hash;
  };
  const std::string before = hashOf("@@ -0,0 +1 @@\n+said\n", "@@ -0,0 +1 @@\n+int f;\n");
  EXPECT_EQ(hashOf("@@ -0,0 +1 @@\n+said better\n", "@@ -0,0 +1 @@\n+int f;\n"), before);
  EXPECT_NE(hashOf("@@ -0,0 +1 @@\n+said\n", "@@ -0,0 +1 @@\n+int g;\n"), before);
}

TEST_F(SeriesTest, NamesWhatTheSeriesFileLacks) {
  scratch_.write("a-syncfs/series", "0001-first.patch\n0002-second.patch\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("series:2"), HasSubstr("0002-second.patch")));
  scratch_.write("a-syncfs/series", "# nothing\n");
  EXPECT_THAT(complaint(), HasSubstr("lists no patch"));
  fs::remove(scratch_ / "a-syncfs/series");
  EXPECT_THAT(complaint(), HasSubstr("series is missing"));
}

TEST_F(SeriesTest, AppliesToACopyAndLeavesThePristineSourceAlone) {
  const fs::path tree = apply();
  EXPECT_EQ(tree, scratch_ / "source/with-a-syncfs");
  EXPECT_THAT(scratch_.read("source/with-a-syncfs/fs/sync.c"), HasSubstr("FOUR"));
  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/new.c"), "new\n");
  EXPECT_TRUE(fs::is_symlink(tree / "fs/link.c"));
  EXPECT_EQ(scratch_.read("source/pristine/fs/sync.c"), kSync);
  EXPECT_FALSE(fs::exists(scratch_ / "source/pristine/fs/new.c"));
  // What no patch touches takes no space.
  EXPECT_TRUE(fs::equivalent(tree / "fs/open.c", scratch_ / "source/pristine/fs/open.c"));
}

TEST_F(SeriesTest, DoesNothingIfTheSeriesIsAppliedAlready) {
  apply();
  progress_.steps.clear();
  apply();
  EXPECT_TRUE(progress_.steps.empty());
}

TEST_F(SeriesTest, AnEditedPatchReplacesTheOldOne) {
  const fs::path tree = apply();
  const auto untouched = fs::last_write_time(tree / "fs/open.c");
  std::string edited = kFirst;
  edited.replace(edited.find("+FOUR"), 5, "+vier");
  edited.erase(edited.find("--- /dev/null"));
  scratch_.write("a-syncfs/0001-first.patch", edited);
  apply();
  EXPECT_THAT(scratch_.read("source/with-a-syncfs/fs/sync.c"), HasSubstr("vier"));
  EXPECT_FALSE(fs::exists(tree / "fs/new.c"));
  EXPECT_EQ(fs::last_write_time(tree / "fs/open.c"), untouched);
  EXPECT_EQ(scratch_.read("source/pristine/fs/sync.c"), kSync);
}

TEST_F(SeriesTest, AMutantIsAPatchOnTop) {
  const fs::path patch = scratch_.write(
      "mutants/a8-forgets.patch",
      "Requirement: A8\n\n--- a/fs/open.c\n+++ b/fs/open.c\n@@ -1 +1 @@\n-open\n+wrong\n");
  const Series series = readSeries({scratch_ / "a-syncfs"});
  const Series mutant = withMutant(series, patch);
  EXPECT_EQ(mutant.imageLabel(), "a-syncfs+mutant-a8-forgets");
  EXPECT_EQ(mutant.label(), "a-syncfs");
  EXPECT_EQ(mutant.description(), "a-syncfs (1 patch) and the mutant a8-forgets");
  EXPECT_NE(mutant.hash, series.hash);
  patchedTree(scratch_ / "source/pristine", mutant, progress_);
  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/open.c"), "wrong\n");
  EXPECT_THAT(scratch_.read("source/with-a-syncfs/fs/sync.c"), HasSubstr("FOUR"));
}

TEST_F(SeriesTest, OnlyTheDiffOfAMutantMakesAnotherKernel) {
  const std::string diff = "--- a/fs/open.c\n+++ b/fs/open.c\n@@ -1 +1 @@\n-open\n+wrong\n";
  const Series series = readSeries({scratch_ / "a-syncfs"});
  const auto hashOf = [&](const std::string& text) {
    return withMutant(series, scratch_.write("mutants/m.patch", text)).hash;
  };
  EXPECT_EQ(hashOf("Requirement: A8\n\n" + diff), hashOf("Requirement: A7\nMore.\n\n" + diff));
  EXPECT_NE(hashOf("Requirement: A8\n\n" + diff), hashOf("Requirement: A8\n\n" + diff + "\n"));
}

TEST_F(SeriesTest, NamesThePatchTheFileAndTheHunkThatDoNotApply) {
  scratch_.write("source/pristine/fs/sync.c", "one\ntwo\nthree\nfive\nsix\nseven\neight\n");
  EXPECT_THAT(complaint(),
              AllOf(HasSubstr("0001-first.patch does not apply"),
                    HasSubstr("fs/sync.c: hunk 1 at line 1, conflict"), HasSubstr("-four")));
}

TEST_F(SeriesTest, ReportsHunksThatAppliedWithFuzz) {
  EXPECT_THAT(patch().fuzzy, testing::IsEmpty());
  // Only the outermost line of context differs.
  fs::remove_all(scratch_ / "source/with-a-syncfs");
  scratch_.write("source/pristine/fs/sync.c",
                 "another\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
  const auto names_the_hunk = testing::ElementsAre(HasSubstr("fs/sync.c: hunk 1 at line 1, fuzz"));
  EXPECT_THAT(patch().fuzzy, names_the_hunk);
  EXPECT_THAT(patch().fuzzy, names_the_hunk) << "of an existing tree";
}

TEST_F(SeriesTest, NamesAMissingFile) {
  fs::remove(scratch_ / "source/pristine/fs/sync.c");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("0001-first.patch"),
                                 HasSubstr("fs/sync.c: the tree has no such file")));
}

TEST_F(SeriesTest, StartsOverAfterAFailure) {
  scratch_.write("a-syncfs/series", "0001-first.patch\n0001-first.patch\n");
  EXPECT_THAT(complaint(), HasSubstr("does not apply"));
  scratch_.write("a-syncfs/series", "0001-first.patch\n");
  apply();
  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/new.c"), "new\n");
}

}  // namespace
}  // namespace runner
