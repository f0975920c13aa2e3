// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/patch_fit.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kLines = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
constexpr const char* kPatch = R"(Subject: [PATCH 1/1] four

patching file fs/elsewhere.c
Hunk #1 FAILED at 4711.
---
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
)";

class PatchFitTest : public testing::Test {
 protected:
  PatchFitTest() { scratch_.write("tree/fs/sync.c", kLines); }
  PatchFit fit(const std::string& patch = kPatch) {
    return fitOf(scratch_.write("one.patch", patch), scratch_ / "tree");
  }
  std::string content() const { return scratch_.read("tree/fs/sync.c"); }
  std::string refusal(const PatchFit& fit) {
    try {
      applyPatch(fit, scratch_ / "tree");
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::build);
      return failure.what();
    }
    return "no failure";
  }
  ScratchDirectory scratch_;
};

TEST_F(PatchFitTest, IsCleanWhereNothingHasChanged) {
  const PatchFit clean = fit();
  EXPECT_EQ(clean.worst(), Fit::clean);
  ASSERT_EQ(clean.hunks.size(), 1u) << "text above the diff is not a hunk";
  EXPECT_EQ(clean.hunks.front().description(), "fs/sync.c: hunk 1 at line 1");
  EXPECT_THAT(clean.complaints(), IsEmpty());
  EXPECT_EQ(content(), kLines) << "fitOf() must not change the tree";
  applyPatch(clean, scratch_ / "tree");
  EXPECT_THAT(content(), HasSubstr("FOUR"));
}

TEST_F(PatchFitTest, IsCleanAtAnotherLine) {
  scratch_.write("tree/fs/sync.c", std::string("zero\nzero\n") + kLines);
  const PatchFit moved = fit();
  EXPECT_EQ(moved.worst(), Fit::clean);
  EXPECT_EQ(moved.hunks.front().moved, 2);
  EXPECT_EQ(moved.hunks.front().description(), "fs/sync.c: hunk 1 at line 3, 2 lines down");
}

TEST_F(PatchFitTest, IsFuzzWhereOnlyTheOutermostContextDiffers) {
  scratch_.write("tree/fs/sync.c", "uno\ntwo\nthree\nfour\nfive\nsix\nseven\n");
  const PatchFit fuzzy = fit();
  EXPECT_EQ(fuzzy.worst(), Fit::fuzz);
  EXPECT_THAT(fuzzy.complaints(), ElementsAre(AllOf(HasSubstr("hunk 1"), HasSubstr("fuzz"))));
  applyPatch(fuzzy, scratch_ / "tree");
  EXPECT_THAT(content(), AllOf(HasSubstr("uno"), HasSubstr("FOUR")));
}

TEST_F(PatchFitTest, TellsTheHunkThatConflictsFromThoseThatFit) {
  const std::string more =
      "--- a/fs/open.c\n+++ b/fs/open.c\n@@ -1 +1 @@\n-open\n+OPEN\n"
      "--- a/fs/read.c\n+++ b/fs/read.c\n@@ -1 +1 @@\n-read\n+READ\n";
  scratch_.write("tree/fs/open.c", "shut\n");
  scratch_.write("tree/fs/read.c", "read\n");
  const PatchFit conflict = fit(kPatch + more);
  EXPECT_EQ(conflict.worst(), Fit::conflict);
  EXPECT_THAT(conflict.complaints(), ElementsAre("fs/open.c: hunk 1 at line 1, conflict"));
  EXPECT_EQ(content(), kLines);
  EXPECT_THAT(refusal(conflict), AllOf(HasSubstr("one.patch does not apply"),
                                       HasSubstr("2 of its 3 hunks fit"), HasSubstr("-open")));
}

TEST_F(PatchFitTest, RecognisesAnAppliedPatch) {
  applyPatch(fit(), scratch_ / "tree");
  const PatchFit again = fit();
  EXPECT_EQ(again.worst(), Fit::conflict);
  EXPECT_THAT(again.problems, ElementsAre(HasSubstr("already has this change")));
  EXPECT_EQ(again.rejects, "") << "nothing conflicts";
}

TEST_F(PatchFitTest, TakesAPatchBackOnlyWhereItIs) {
  const fs::path patch = scratch_.write("one.patch", kPatch);
  EXPECT_FALSE(revertPatch(patch, scratch_ / "tree"));
  EXPECT_EQ(content(), kLines);
  applyPatch(fit(), scratch_ / "tree");
  EXPECT_TRUE(revertPatch(patch, scratch_ / "tree"));
  EXPECT_EQ(content(), kLines);
}

TEST_F(PatchFitTest, NamesEveryFileThatCannotBePatched) {
  const auto diffOf = [](const std::string& name) {
    return fmt::format("--- a/{0}\n+++ b/{0}\n@@ -1 +1 @@\n-x\n+y\n", name);
  };
  scratch_.write("tree/fs/good.c", "x\n");
  scratch_.write("tree/fs/new.c", "old\n");
  fs::create_symlink("good.c", scratch_ / "tree/fs/link.c");
  const PatchFit all =
      fit(diffOf("fs/none.c") + diffOf("fs/good.c") + diffOf("fs/other.c") + diffOf("fs/link.c") +
          "--- /dev/null\n+++ b/fs/new.c\n@@ -0,0 +1 @@\n+new\n" +
          "--- a/fs/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n");
  EXPECT_THAT(
      all.complaints(),
      ElementsAre("fs/none.c: the tree has no such file", "fs/other.c: the tree has no such file",
                  HasSubstr("fs/link.c: the tree has a symbolic link"),
                  HasSubstr("fs/new.c: the patch creates this file, but the tree has it"),
                  HasSubstr("fs/gone.c: the patch removes this file")));
  EXPECT_THAT(all.refusal(), HasSubstr("1 of its 6 hunks fit"));
}

TEST_F(PatchFitTest, SaysThatLineEndingsDiffer) {
  std::string windows = kLines;
  for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2) {
    windows.insert(at, 1, '\r');
  }
  scratch_.write("tree/fs/sync.c", windows);
  EXPECT_THAT(fit().complaints(), ElementsAre(AllOf(HasSubstr("hunk 1 at line 1, conflict"),
                                                    HasSubstr("line endings differ"))));
}

TEST_F(PatchFitTest, SaysHowMuchOfTheRejectsIsLeftOut) {
  std::string many = "--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -1 +1,50 @@\n-no such line\n";
  for (int i = 0; i < 50; ++i) many += "+more\n";
  // 54 lines with the names of the file and the line numbers, of which 40 are shown.
  EXPECT_THAT(fit(many).rejects, HasSubstr("... and 14 more lines"));
}

TEST_F(PatchFitTest, NamesADamagedPatch) {
  std::string damaged = kPatch;
  damaged.erase(damaged.find(" five"), 1);
  EXPECT_EQ(fit(damaged).worst(), Fit::conflict);
  EXPECT_THAT(refusal(fit(damaged)),
              AllOf(HasSubstr("one.patch does not apply"), HasSubstr("malformed patch")));
  EXPECT_THAT(refusal(fit("no patch at all\n")), HasSubstr("Only garbage"));
}

TEST(TouchedFiles, AreThoseOfTheDiffsAndOfRenames) {
  const ScratchDirectory scratch;
  const auto patch =
      scratch.write("one.patch",
                    "--- a/fs/sync.c\n+++ b/fs/sync.c\n--- /dev/null\n+++ b/fs/new.c\t2026\n"
                    "rename from fs/old.c\nrename to fs/other.c\n");
  EXPECT_THAT(touchedFiles({patch}),
              ElementsAre("fs/new.c", "fs/old.c", "fs/other.c", "fs/sync.c"));
}

}  // namespace
}  // namespace runner
