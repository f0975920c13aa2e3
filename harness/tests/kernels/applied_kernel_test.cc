// SPDX-License-Identifier: GPL-2.0-only
// A series of ours on source of the user's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "runner/kernels/kernel.h"
#include "sys/child_process.h"
#include "tests/support/kernel_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class AppliedKernelTest : public KernelTest {
 protected:
  AppliedKernelTest() {
    writeSource("own");
    request_.tree = (scratch_ / "own").string();
    request_.apply = "mainline";
  }
  Kernel side(bool on) {
    request_.series_on = on;
    return provide();
  }
};

TEST_F(AppliedKernelTest, IsBuiltWithTheSeriesAndWithout) {
  const Kernel off = side(false), on = side(true);
  EXPECT_EQ(exitCodeOf(off.image), 0);
  EXPECT_EQ(exitCodeOf(on.image), 7);
  EXPECT_FALSE(on.own) << "it is judged as a tree of ours";
  EXPECT_EQ(on.identity.tree, request_.tree);
  EXPECT_EQ(on.identity.source, request_.tree);
  EXPECT_EQ(on.identity.series, "a-syncfs (1 patch) of mainline");
  EXPECT_EQ(off.identity.series, "off");
  EXPECT_EQ(on.identity.base, "7.3.4");
  // The user's tree is as it was.
  EXPECT_EQ(scratch_.read("own/main.c"), kMain);
  for (const auto& entry : fs::directory_iterator(scratch_ / "own")) {
    EXPECT_THAT((std::vector<std::string>{"Makefile", "Kconfig", "main.c", "arch", "fs"}),
                Contains(entry.path().filename().string()));
  }
  EXPECT_EQ(leftovers(), 0u);
}

TEST_F(AppliedKernelTest, ASecondRunBuildsNothing) {
  const Kernel first = side(true);
  progress_ = {};
  const Kernel second = side(true);
  EXPECT_EQ(second.image, first.image);
  EXPECT_THAT(progress_.steps, Not(Contains(HasSubstr("build"))));
}

TEST_F(AppliedKernelTest, FollowsTheUsersEdits) {
  side(true);
  side(false);
  scratch_.write("own/main.c",
                 std::string(kMain).replace(std::string(kMain).find("(x)"), 3, "(y)"));
  EXPECT_EQ(exitCodeOf(side(false).image), 0);
  progress_ = {};
  const Kernel on = side(true);
  EXPECT_EQ(exitCodeOf(on.image), 7);
  EXPECT_THAT(on.identity.fuzzy, ElementsAre(HasSubstr("main.c: hunk 1 at line 1, fuzz 1")));
}

TEST_F(AppliedKernelTest, NamesTheHunksThatMovedOrNeededFuzz) {
  scratch_.write("own/main.c", std::string("\n\n") + kMain);
  const Kernel moved = side(true);
  EXPECT_THAT(moved.identity.moved,
              ElementsAre("a-syncfs/0001: main.c: hunk 1 at line 3, 2 lines down"));
  EXPECT_THAT(progress_.notes, Contains(AllOf(HasSubstr("cleanly"), HasSubstr("2 lines down"))));
  // Known also when the image comes from the cache.
  progress_ = {};
  EXPECT_EQ(side(true).identity.moved, moved.identity.moved);
  EXPECT_THAT(progress_.notes, Contains(HasSubstr("2 lines down")));
}

TEST_F(AppliedKernelTest, AConflictSaysWhereAndWhatToDo) {
  scratch_.write("own/main.c", "int main(void) { return 1; }\n");
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::build);
  EXPECT_THAT(text, AllOf(HasSubstr("0001.patch"), HasSubstr("main.c: hunk 1 at line"),
                          HasSubstr("made on Linux 7.3.4"), HasSubstr("What to do")));
  // Without the series there is nothing that could conflict.
  EXPECT_EQ(exitCodeOf(side(false).image), 1);
}

TEST_F(AppliedKernelTest, SaysThatATreeHasTheSeriesAlready) {
  scratch_.write("own/main.c",
                 std::string(kMain).replace(std::string(kMain).find("return 0"), 8, "return 7"));
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::build);
  EXPECT_THAT(text, HasSubstr("own has this series already: judge it as it is, without --apply"));
  EXPECT_THAT(text, Not(HasSubstr("by hand")));
}

TEST_F(AppliedKernelTest, TakesATarball) {
  const std::string tarball = (scratch_ / "own.tar.gz").string();
  ASSERT_TRUE(
      sys::runCommand({{"tar", "-czf", tarball, "-C", scratch_.path().string(), "own"}}).exit.ok());
  request_.tree = tarball;
  const Kernel kernel = side(true);
  EXPECT_EQ(exitCodeOf(kernel.image), 7);
  EXPECT_EQ(kernel.identity.source, tarball);
}

TEST_F(AppliedKernelTest, IsOnlyForSource) {
  request_.tree = scratch_.write("linux.bin", "text\n").string();
  EXPECT_EQ(complaint().first, ExitStatus::usage);
  const fs::path image = scratch_ / "linux";
  ASSERT_TRUE(sys::runCommand({{"gcc", "-o", image.string(), (scratch_ / "own/main.c").string()}})
                  .exit.ok());
  request_.tree = image.string();
  EXPECT_THAT(complaint().second, HasSubstr("only be applied to source"));
}

TEST_F(AppliedKernelTest, RefusesABuildInPlaceThatCannotBeLeftOut) {
  scratch_.write("own/.config", "");
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::usage);
  EXPECT_THAT(text,
              AllOf(HasSubstr("own was configured or built in place"), HasSubstr("mrproper")));
  const std::string tarball = (scratch_ / "own.tar.gz").string();
  ASSERT_TRUE(
      sys::runCommand({{"tar", "-czf", tarball, "-C", scratch_.path().string(), "own"}}).exit.ok());
  request_.tree = tarball;
  EXPECT_THAT(complaint().second, HasSubstr("own.tar.gz was packed after a build in place"));
}

TEST_F(AppliedKernelTest, RefusesASourceWithoutARelease) {
  scratch_.write("own/Makefile",
                 std::string(kMakefile).substr(std::string(kMakefile).find("tiny")));
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::usage);
  EXPECT_THAT(text, AllOf(HasSubstr("/own: its Makefile names no VERSION")));
}

TEST_F(AppliedKernelTest, NotesLostOptionsInTheSameWordsForBothSides) {
  scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_UNKNOWN=y\n");
  // Otherwise the two share one configuration.
  scratch_.write("project/patches/mainline/a-syncfs/0001.patch",
                 std::string(kPatch) + "--- /dev/null\n+++ b/fs/Kconfig\n@@ -0,0 +1 @@\n+#\n");
  const auto lost = [&](bool on) {
    progress_ = {};
    side(on);
    for (const std::string& note : progress_.notes) {
      if (note.find("lost these options") != std::string::npos) return note;
    }
    return std::string();
  };
  const std::string off = lost(false);
  EXPECT_THAT(off, HasSubstr("CONFIG_UNKNOWN=y"));
  EXPECT_EQ(lost(true), off);
}

TEST_F(AppliedKernelTest, GivesTheSourceAlone) {
  const fs::path source = provideSource(request_, cache_, progress_);
  EXPECT_THAT(readFile(source / "main.c"), HasSubstr("return 7"));
  EXPECT_EQ(scratch_.read("own/main.c"), kMain);
}

}  // namespace
}  // namespace runner
