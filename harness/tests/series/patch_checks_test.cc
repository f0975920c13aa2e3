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
#include "series/check/suite_judgement.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kA = "A1.Reports/ext4/overlay";
constexpr const char* kB = "B1.KeepsFailing/ext4/volatile";

TEST(SuiteJudgement, ToleratesWhatALaterSeriesFixes) {
  const Verdicts off = {{kA, Verdict::fail}, {kB, Verdict::fail}};
  EXPECT_THAT(complaintsOf(off, {{kA, Verdict::pass}, {kB, Verdict::fail}}, {true, {"B1"}}),
              IsEmpty());
  EXPECT_THAT(complaintsOf(off, off, {false, {"B1"}}), IsEmpty());
}

TEST(SuiteJudgement, ToleratesThatAnOverlayReportsNothingWithoutA) {
  const std::string plain = "D1.Reports/ext4/plain", overlay = "D1.Reports/ext4/overlay";
  const Verdicts off = {{plain, Verdict::fail}, {overlay, Verdict::fail}};
  EXPECT_THAT(complaintsOf(off, off, {true, {"A1", "B1"}}),
              ElementsAre(plain + " fails although the series is complete"));
  EXPECT_THAT(complaintsOf(off, off, {true, {"B1"}}), SizeIs(2));
  const Verdicts of_b = {{kB, Verdict::fail}};
  EXPECT_THAT(complaintsOf(of_b, of_b, {true, {"A1"}}), SizeIs(1));
}

TEST(SuiteJudgement, NamesWhatACompleteSeriesLeavesFailing) {
  const Verdicts off = {{kA, Verdict::fail}, {kB, Verdict::fail}};
  EXPECT_THAT(complaintsOf(off, off, {true, {"B1"}}),
              ElementsAre(std::string(kA) + " fails although the series is complete"));
}

TEST(SuiteJudgement, RequiresACaseThatTheSeriesFixes) {
  const PatchInSeries of_a = {true, {"B1"}};
  const Verdicts off = {{kA, Verdict::fail}, {kB, Verdict::pass}};
  EXPECT_THAT(complaintsOfSeries(off, {{kA, Verdict::pass}, {kB, Verdict::pass}}, of_a), IsEmpty());
  for (const Verdicts& on : {off, {{kA, Verdict::skip}, {kB, Verdict::pass}}, {}}) {
    EXPECT_THAT(complaintsOfSeries(off, on, of_a),
                ElementsAre(HasSubstr("nothing shows that it works")));
  }
  EXPECT_THAT(complaintsOfSeries({{kA, Verdict::error}}, {{kA, Verdict::pass}}, of_a), SizeIs(1));
  const PatchInSeries of_b = {true, {"A1"}};
  EXPECT_THAT(complaintsOfSeries({{kA, Verdict::fail}}, {{kA, Verdict::pass}}, of_b), SizeIs(1))
      << "by chance";
}

TEST(SuiteJudgement, NamesWhatAPatchBreaks) {
  EXPECT_THAT(complaintsOf({{kA, Verdict::pass}, {kB, Verdict::pass}},
                           {{kA, Verdict::fail}, {kB, Verdict::pass}}, {false, {"B1"}}),
              ElementsAre(std::string(kA) + " passes without the patch and fails with it"));
}

TEST(SuiteJudgement, NamesAPanicAndWhatWasNotRun) {
  MachineResult machine;
  machine.filesystem = "xfs";
  machine.verdict = Verdict::panic;
  EXPECT_THAT(complaintsOf({{"xfs", Verdict::pass}}, verdictsOf({machine}), {false, {}}),
              ElementsAre("xfs: panic"));
  EXPECT_THAT(complaintsOf({}, {}, {false, {}}), ElementsAre("no case was run"));
  EXPECT_THAT(complaintsOf({{kA, Verdict::pass}}, {{kB, Verdict::pass}}, {false, {}}),
              ElementsAre(std::string(kB) + " is pass, and was not run without the patch",
                          std::string(kA) + " was not run with the patch"));
  EXPECT_THAT(complaintsOf({{kA, Verdict::pass}}, {{kA, Verdict::skip}}, {false, {}}),
              ElementsAre(std::string(kA) + " passes without the patch and is skipped with it"));
}

TEST(SuiteJudgement, DoesNotBlameAPatchForAFlakyCase) {
  Verdicts without = {{kA, Verdict::pass}, {kB, Verdict::pass}};
  const Verdicts with = {{kA, Verdict::fail}, {kB, Verdict::pass}};
  const std::string complaint = std::string(kA) + " passes without the patch and fails with it";
  EXPECT_THAT(complaintsOfBroken(without, with), ElementsAre(complaint));
  keepFailuresOf({{kA, Verdict::pass}, {kB, Verdict::skip}}, without);
  EXPECT_THAT(complaintsOfBroken(without, with), ElementsAre(complaint)) << "it passed again";
  keepFailuresOf({{kA, Verdict::fail}}, without);
  EXPECT_THAT(complaintsOfBroken(without, with), IsEmpty());
  EXPECT_THAT(complaintsOf(without, with, {false, {}}), IsEmpty());
}

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

TEST(PatchPlaces, LeaveOtherRequirementsToOtherSeries) {
  std::vector<PatchFindings> patches(3);
  patches[0].series = patches[1].series = "a-syncfs";
  patches[2].series = "b-volatile-failstop";
  const std::vector<SeriesEntry> entries = {{"a-syncfs", {"A1", "V6"}, {"V1"}},
                                            {"b-volatile-failstop", {"B1"}, {}},
                                            {"c-volatile-reuse", {"C1", "C2"}, {}}};
  const auto place = [&](std::size_t index, bool whole) {
    return placeOf(patches, index, whole, entries);
  };
  EXPECT_FALSE(place(0, true).last);
  EXPECT_TRUE(place(1, true).last);
  EXPECT_THAT(place(1, true).of_others, ElementsAre("B1", "C1", "C2"));
  EXPECT_THAT(place(2, true).of_others, IsEmpty());
  EXPECT_THAT(place(2, false).of_others, ElementsAre("C1", "C2"));
  patches.erase(patches.begin(), patches.begin() + 2);
  EXPECT_THAT(place(0, false).of_others, ElementsAre("A1", "V6", "C1", "C2"))
      << "V1 holds without series A";
}

class ExceptionsTest : public testing::Test {
 protected:
  std::vector<Exception> read(const std::string& text) {
    return readExceptions(scratch_.write("exceptions.toml", text));
  }
  ScratchDirectory scratch_;
};

TEST_F(ExceptionsTest, ExcuseWhatTheyName) {
  const auto exceptions = read(
      "[[exception]]\ncheck = \"checkpatch\"\npatch = \"*/a-syncfs/*\"\nsays = \"LONG_LINE\"\n"
      "reason = \"a table\"\n");
  const Finding excused =
      findingOf(Check::checkpatch, "mainline/a-syncfs/1", {"CHECK:LONG_LINE: x"}, exceptions);
  EXPECT_TRUE(excused.clean);
  EXPECT_THAT(excused.excused, ElementsAre("CHECK:LONG_LINE: x (a table)"));
  for (const auto& [check, patch, says] :
       {std::tuple(Check::sparse, "mainline/a-syncfs/1", "CHECK:LONG_LINE: x"),
        std::tuple(Check::checkpatch, "mainline/b-volatile-failstop/1", "CHECK:LONG_LINE: x"),
        std::tuple(Check::checkpatch, "mainline/a-syncfs/1", "ERROR: y")}) {
    EXPECT_FALSE(findingOf(check, patch, {says}, exceptions).clean) << says;
  }
}

// A complete series must pass its cases, whatever was excused before.
TEST(ExceptionsOfTheProject, LetNoSeriesEndWithACaseThatFails) {
  const auto exceptions = readExceptions(PROJECT_ROOT "/patches/exceptions.toml");
  ASSERT_FALSE(exceptions.empty());
  for (const Tree& tree : loadTrees(PROJECT_ROOT).all) {
    for (const std::filesystem::path& directory : tree.series) {
      const std::string name = nameOfPatch(tree.name, readSeries({directory}).patches.back());
      for (const Exception& exception : exceptions) {
        EXPECT_FALSE(exception.isFor(Check::suite, name)) << name << ": " << exception.says;
      }
    }
  }
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

TEST_F(ExceptionsTest, MustBeComplete) {
  try {
    read("[[exception]]\ncheck = \"checkpatch\"\npatch = \"*\"\nsays = \"x\"\n");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("needs its reason"));
  }
  EXPECT_THROW(read("[[exception"), Failure);
  EXPECT_THAT(read(""), IsEmpty());
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
