// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/patch_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "runner/base/failure.h"
#include "runner/kernels/series.h"
#include "runner/kernels/trees.h"
#include "series/check/checked_tree.h"
#include "series/check/compile_check.h"
#include "series/check/report.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Remarks, IgnoreLineNumbers) {
  const std::vector<std::string> lines = {
      "  CC      fs/sync.o",
      "../fs/sync.c:152:7: warning: unused variable 'x' [-Wunused-variable]",
      "/source/fs/sync.c:9:1: warning: unused variable 'y' [-Wunused-variable]",
      "/source/fs/sync.c:12:1: warning: unused variable 'x' [-Wunused-variable]",
      "make[2]: done",
  };
  EXPECT_THAT(remarksIn(lines, "/source"),
              ElementsAre("fs/sync.c: warning: unused variable 'x' [-Wunused-variable]",
                          "fs/sync.c: warning: unused variable 'x' [-Wunused-variable]",
                          "fs/sync.c: warning: unused variable 'y' [-Wunused-variable]"));
}

TEST(Remarks, OfAHeaderCountOnce) {
  const std::vector<std::string> lines = {
      "../include/linux/fs.h:7:1: warning: x",
      "/source/include/linux/fs.h:7:1: warning: x",
      "../include/linux/fs.h:9:1: warning: y",
  };
  EXPECT_THAT(remarksIn(lines, "/source"),
              ElementsAre("include/linux/fs.h: warning: x", "include/linux/fs.h: warning: y"));
}

TEST(Remarks, IncludeFilesThatWereNotCompiled) {
  const ScratchDirectory built;
  built.write("fs/sync.o", "");
  EXPECT_THAT(notCompiled(built.path(), {"fs/overlayfs/x.o", "fs/sync.o"}),
              ElementsAre(HasSubstr("fs/overlayfs/x.o was not compiled")));
}

TEST(Remarks, IncludeThoseOfModpostAndTheLinker) {
  EXPECT_EQ(remarksIn({"ERROR: modpost: \"x\" [fs/overlayfs/overlay.ko] undefined!",
                       "ld: a.o: undefined reference to `x'", "Warning: fs/sync.c:3 No description",
                       "Warning: fs/sync.c:8 No description"},
                      "/source")
                .size(),
            4u);
}

TEST(ExceptionsName, HasTheTreeThatIsChecked) {
  EXPECT_EQ(nameOfPatch("7.2", "/x/patches/mainline/a-syncfs/0001-fs.patch"),
            "7.2/a-syncfs/0001-fs.patch");
}

class FixedSeriesTest : public testing::Test {
 protected:
  FixedSeriesTest() {
    scratch_.write("a/series", "1.patch\n2.patch\n");
    scratch_.write("a/1.patch", "one\n--- a/x\n+++ b/x\n");
    scratch_.write("a/2.patch", "two\n--- a/y\n+++ b/y\n");
  }
  ScratchDirectory scratch_;
};

TEST_F(FixedSeriesTest, KeepsTheOriginalPatches) {
  const FixedSeries fixed({scratch_ / "a"});
  const Series series = readSeries({scratch_ / "a"});
  EXPECT_EQ(fixed.size(), 2u);
  EXPECT_EQ(fixed.hashOfFirst(0), firstPatches(series, 0).hash);
  EXPECT_EQ(fixed.hashOfFirst(1), firstPatches(series, 1).hash);
  EXPECT_EQ(fixed.hashOfFirst(2), series.hash);
  EXPECT_THAT(fixed.text(1), HasSubstr("two"));
  EXPECT_NO_THROW(fixed.requireUnchanged());
}

TEST_F(FixedSeriesTest, NoticesThatAPatchHasChanged) {
  const FixedSeries fixed({scratch_ / "a"});
  const std::string hash = readSeries({scratch_ / "a"}).hash;
  scratch_.write("a/2.patch", "two\n--- a/y\n+++ b/y\n+z\n");
  EXPECT_EQ(fixed.hashOfFirst(2), hash);
  EXPECT_THROW(fixed.requireUnchanged(), Failure);
  std::filesystem::remove(scratch_ / "a/2.patch");
  EXPECT_THROW(fixed.requireUnchanged(), Failure);
}

TEST(KnownResultsTest, AreFoundByAllTheirInputs) {
  const ScratchDirectory scratch;
  const KnownResults known{Cache(scratch / "cache")};
  const std::string key = KnownResults::keyOf({"sparse", "source"});
  EXPECT_FALSE(known.find(key));
  known.keep(key, {{"excused", {"x"}}});
  EXPECT_TRUE(known.find(key));
  EXPECT_FALSE(known.find(KnownResults::keyOf({"sparse", "another source"})));
  EXPECT_NE(KnownResults::keyOf({"a", "b"}), KnownResults::keyOf({"a\nb"}));
}

TEST(ChecksFor, ATestForUpstreamCompileItIfItIsInTheKernel) {
  const ScratchDirectory project;
  project.write("kernel-overlay/config/check-lib-kunit.config", "CONFIG_KUNIT=y\n");
  const std::set<Check> all = {kChecks.begin(), kChecks.end()};
  Tree tree;
  tree.series = {"mainline/lib-kunit"};
  EXPECT_EQ(checksFor(tree, all, {project.path(), ""}), all);
  tree.is_test = true;
  std::set<Check> expected = all;
  expected.erase(Check::suite);
  EXPECT_EQ(checksFor(tree, all, {project.path(), ""}), expected);
  EXPECT_THAT(checksFor(tree, {Check::suite}, {project.path(), ""}), IsEmpty());
  tree.series = {"mainline/selftests"};
  EXPECT_THAT(checksFor(tree, all, {project.path(), ""}),
              ElementsAre(Check::applies, Check::checkpatch));
}

TEST(CheckTable, ShowsWhatIsNotCleanAndWhatIsExcused) {
  PatchFindings patch;
  patch.tree = "mainline";
  patch.series = "a-syncfs";
  patch.number = 1;
  patch.subject = "fs/sync: x";
  patch.findings = {{Check::checkpatch, true, {}, {"LONG_LINE (a table)"}, false},
                    {Check::suite, false, {"A1 fails"}, {}, false}};
  const std::string text = checkTable({patch}, {}, std::chrono::seconds(3), Style());
  EXPECT_THAT(text, HasSubstr("mainline a-syncfs\n 1 fs/sync: x"));
  EXPECT_THAT(text, HasSubstr("ok*"));
  EXPECT_THAT(text, HasSubstr("mainline a-syncfs 1, suite:\n  A1 fails\n"));
  EXPECT_THAT(text, HasSubstr("LONG_LINE (a table)"));
  EXPECT_THAT(text, HasSubstr("FAIL: 1 check of 2 clean, 1 excused"));
  // Without any check it is not a pass.
  EXPECT_THAT(checkTable({}, {}, std::chrono::seconds(0), Style()), HasSubstr("FAIL"));
  patch.findings.pop_back();
  EXPECT_THAT(checkTable({patch}, {}, std::chrono::seconds(0), Style()), HasSubstr("PASS"));
  EXPECT_THAT(checkTable({patch}, {"7.2"}, std::chrono::seconds(0), Style()),
              AllOf(HasSubstr("FAIL"), HasSubstr("not all of 7.2 applies")));
}

}  // namespace
}  // namespace runner
