// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_folder.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kSync = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";
constexpr const char* kFirst = R"(Subject: say four louder

--- a/fs/sync.c
+++ b/fs/sync.c
@@ -1,7 +1,7 @@
 one
 two
 three
-four
+FOUR
 five
 six
 seven
--- /dev/null
+++ b/fs/new.c
@@ -0,0 +1 @@
+new
)";

class SeriesTest : public testing::Test {
 protected:
  SeriesTest() {
    scratch_.write("source/pristine/fs/sync.c", kSync);
    scratch_.write("source/pristine/fs/open.c", "open\n");
    fs::create_symlink("sync.c", scratch_ / "source/pristine/fs/link.c");
    scratch_.write("a-syncfs/series", "# the order\n0001-first.patch # a comment\n\n");
    scratch_.write("a-syncfs/0001-first.patch", kFirst);
  }
  PatchedTree patch() {
    return patchedTree(scratch_ / "source/pristine", readSeries({scratch_ / "a-syncfs"}),
                       progress_);
  }
  fs::path apply() { return patch().path; }
  std::string complaint() {
    try {
      apply();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::build);
      return failure.what();
    }
    return "no failure";
  }
  ScratchFolder scratch_;
  RecordingProgress progress_;
};

TEST_F(SeriesTest, ReadsTheSeriesFile) {
  const Series series = readSeries({scratch_ / "a-syncfs"});
  EXPECT_THAT(series.patches, testing::ElementsAre(scratch_ / "a-syncfs/0001-first.patch"));
  EXPECT_EQ(series.description(), "a-syncfs (1 patch)");
  EXPECT_EQ(Series().description(), "off");
}

TEST_F(SeriesTest, OfItsFirstPatchesHasThePlaceOfTheWholeOne) {
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

TEST_F(SeriesTest, HashStaysWithAWordAboveTheDiff) {
  const std::string before = readSeries({scratch_ / "a-syncfs"}).hash;
  scratch_.write(
      "a-syncfs/0001-first.patch",
      "Subject: say it better" + std::string(kFirst).substr(std::string(kFirst).find('\n')));
  EXPECT_EQ(readSeries({scratch_ / "a-syncfs"}).hash, before);
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

TEST_F(SeriesTest, DoesNothingWhenTheSeriesIsOnAlready) {
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

// make compiles a file again when it is younger than its object, so a time stamp that is wrong puts
// an old object into the image, or compiles everything.
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
  // Now, as the clock of the filesystem has it.
  fs::file_time_type now() const { return fs::last_write_time(scratch_.write("now", "")); }
  void writePatch(const std::string& text) { scratch_.write("a-syncfs/0001-first.patch", text); }

  const fs::file_time_type kRelease = now() - std::chrono::hours(1000);
  static constexpr const char* kOther =
      "--- a/fs/open.c\n+++ b/fs/open.c\n@@ -1 +1 @@\n-open\n+OPEN\n";
};

TEST_F(TimesTest, WhatGoesBackToUpstreamIsNew) {
  apply();
  const auto compiled = timeOf("sync.c");
  const auto before = now();
  writePatch(kOther);
  apply();
  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/sync.c"), kSync);
  EXPECT_GT(timeOf("sync.c"), compiled);
  EXPECT_GE(timeOf("sync.c"), before);
  EXPECT_GE(timeOf("open.c"), before);
  // The pristine source was not touched, so a tree made of it anew is as old as it is.
  EXPECT_EQ(fs::last_write_time(scratch_ / "source/pristine/fs/sync.c"), kRelease);
}

TEST_F(TimesTest, WhatComesOutTheSameIsAsOldAsBefore) {
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
  // A file that is upstream's again and stays so keeps its time, too.
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

TEST_F(TimesTest, AFailureInBetweenLosesNoTime) {
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

TEST_F(TimesTest, ATreeFromBeforeItKeptTimesIsUnderstood) {
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

TEST_F(SeriesTest, SaysWhatItHasAppliedWithFuzz) {
  EXPECT_THAT(patch().fuzzy, testing::IsEmpty());
  // Only the outermost line of context differs.
  fs::remove_all(scratch_ / "source/with-a-syncfs");
  scratch_.write("source/pristine/fs/sync.c",
                 "another\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
  const auto names_the_hunk = testing::ElementsAre(HasSubstr("fs/sync.c: hunk 1 at line 1, fuzz"));
  EXPECT_THAT(patch().fuzzy, names_the_hunk);
  EXPECT_THAT(patch().fuzzy, names_the_hunk) << "of a tree that is there already";
}

TEST_F(SeriesTest, NamesAFileThatIsNotThere) {
  fs::remove(scratch_ / "source/pristine/fs/sync.c");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("0001-first.patch"), HasSubstr("find file to patch")));
}

TEST_F(SeriesTest, StartsAnewAfterAFailure) {
  scratch_.write("a-syncfs/series", "0001-first.patch\n0001-first.patch\n");
  EXPECT_THAT(complaint(), HasSubstr("does not apply"));
  scratch_.write("a-syncfs/series", "0001-first.patch\n");
  apply();
  EXPECT_EQ(scratch_.read("source/with-a-syncfs/fs/new.c"), "new\n");
}

}  // namespace
}  // namespace runner
