// SPDX-License-Identifier: GPL-2.0-only
// The reports of several trees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runner/reports/formats.h"
#include "runner/reports/grids.h"
#include "runner/reports/table.h"
#include "tests/support/lines.h"
#include "tests/support/sample_results.h"

namespace runner {
namespace {

using samples::kPlain;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

// A matrix of one side: two trees, of which the second fails A2 on the overlay of both filesystems.
Results oneSided() {
  Results matrix = samples::failedRun();
  matrix.trees = {samples::titled("mainline", matrix), samples::titled("6.1.y", matrix)};
  for (MachineResult& machine : matrix.trees[0].machines) {
    machine.cases[3].verdict = Verdict::pass;
  }
  return matrix;
}

// The results of a case in a tree of samples::matrix(), off and on, on that filesystem.
void setVerdicts(TreeResults& results, const std::string& filesystem, std::size_t which,
                 Verdict off, Verdict on) {
  for (MachineResult& machine : results.machines) {
    if (machine.filesystem == filesystem) {
      machine.cases[which].verdict = machine.series_on ? on : off;
    }
  }
}

TEST(MatrixTable, HasALineAboutEachTree) {
  Results matrix = samples::matrix();
  matrix.trees[0].notes = {"KVM does not answer here"};
  matrix.trees[1].notes = {"KVM does not answer here", "waiting"};
  const std::string text = table(matrix, "/out", kPlain);
  EXPECT_THAT(lineWith(text, "mainline "),
              AllOf(HasSubstr("Linux 7.3.4, series off and series a-syncfs (3 patches)"),
                    HasSubstr("in User-Mode Linux")));
  EXPECT_THAT(lineWith(text, "6.1.y "), HasSubstr("Linux 6.1.192"));
  EXPECT_THAT(text, HasSubstr("in QEMU (TCG)"));
  EXPECT_THAT(text, HasSubstr("KVM does not answer here (mainline, 6.1.y)\n")) << "said once";
  EXPECT_THAT(text, HasSubstr("waiting (6.1.y)\n"));
}

TEST(MatrixTable, ShowsTheFailureOfATreeInFull) {
  const std::string text = table(samples::matrix(), "/out", kPlain);
  EXPECT_THAT(text, HasSubstr("NOT BUILT  the kernel\n"));
  EXPECT_THAT(text, HasSubstr("0002-ovl-syncfs.patch does not apply to 5.10.262:\n"));
  EXPECT_THAT(text, HasSubstr("fs/overlayfs/super.c: hunk 2 of 3 failed\n"));
  EXPECT_THAT(text, HasSubstr("./ovl-syncfs run --tree 5.10.y --series both\n"));
  EXPECT_THAT(text, HasSubstr("mainline  PASS: 6 passed with the series; 2 prove it"));
  EXPECT_THAT(text, HasSubstr("5.10.y    NOT PASSED: not built\n"));
  EXPECT_THAT(text, HasSubstr("\nNOT PASSED: 1 of 3 trees (5.10.y)\n"));
}

TEST(MatrixTable, PassesWhenAllTreesDo) {
  Results matrix = samples::matrix();
  matrix.trees.pop_back();
  EXPECT_THAT(table(matrix, "/out", kPlain),
              AllOf(HasSubstr("\nPASS: 2 trees\n"), HasSubstr("reports  /out\n"),
                    HasSubstr("machines of mainline 4.80 s, 6.1.y 4.80 s; whole run 6.00 s")));
}

TEST(MatrixTable, PairsOfExploreNameTheirTree) {
  Results results = samples::matrix();
  results.trees[0].machines[0].pairs = {100, 50};
  results.trees[1].machines[0].pairs = {100, 25};
  EXPECT_THAT(table(results, "/out", kPlain),
              HasSubstr("mainline ext4 50 of 100 (50.0 %), 6.1.y ext4 25 of 100"));
}

TEST(MatrixTable, CanConsistOfFailuresOnly) {
  Results matrix;
  matrix.trees = {samples::titled("a", samples::unbuiltRun()),
                  samples::titled("b", samples::unbuiltRun())};
  matrix.trees[1].failure->status = ExitStatus::environment;
  const std::string text = table(matrix, "/out", kPlain);
  EXPECT_THAT(lineWith(text, "a  not"), HasSubstr("not built"));
  EXPECT_THAT(lineWith(text, "b  not"), HasSubstr("not judged"));
  EXPECT_THAT(text, HasSubstr("NOT PASSED: 2 of 2 trees (a, b)\n"));
}

TEST(MatrixTable, NoLineIsWiderThanTheStyleButTheCommandToCopy) {
  for (const Results& matrix : {samples::matrix(), oneSided()}) {
    for (const Style& style : {kPlain, Style{.color = false, .unicode = true, .width = 80}}) {
      for (const std::string& line : linesOf(table(matrix, "/out", style))) {
        if (line.find("./ovl-syncfs run") != std::string::npos) continue;
        EXPECT_LE(columnsOf(line), style.width) << line;
      }
    }
  }
}

TEST(MatrixTable, FailuresStandBelowTheirTree) {
  Results matrix = oneSided();
  const std::string text = table(matrix, "/out", kPlain);
  EXPECT_THAT(text, HasSubstr("\n6.1.y\nFAIL  A2.EveryOpenFdReportsOnce on overlay (ext4, xfs)\n"));
  EXPECT_THAT(text, Not(HasSubstr("\nmainline\nFAIL")));
}

TEST(MatrixTable, FailuresAreLimitedAndTheRestHasItsPlace) {
  Results matrix = oneSided();
  std::vector<CaseResult>& cases = matrix.trees[1].machines[0].cases;
  for (int i = 0; i < 20; ++i) {
    cases.push_back(
        samples::caseResult("A3.Case" + std::to_string(i), "ext4", "overlay", Verdict::fail));
  }
  const std::string text = table(matrix, "/out", kPlain);
  EXPECT_THAT(text, HasSubstr("... and 7 more\n"));
  EXPECT_THAT(text, HasSubstr("in full   /out/6.1.y/failures.txt\n"));
  EXPECT_THAT(table(matrix, "", kPlain), HasSubstr("in full   failures.txt among the reports"))
      << "its readers do not have that directory";
}

TEST(MatrixTable, ReasonsOfSkipsAreSaidOnceWithTheirTrees) {
  Results matrix = oneSided();
  matrix.trees[1].machines[0].cases[4].reason = "another";
  const std::string text = table(matrix, "/out", kPlain);
  EXPECT_THAT(text, HasSubstr("skip     3 cases: no such mode\n")) << "of all trees";
  EXPECT_THAT(text, HasSubstr("skip     1 case: another (6.1.y)\n"));
}

TEST(Overview, CountsTheRequirementsThatFail) {
  const std::string grid = overviewGrid(samples::matrix(), kPlain);
  EXPECT_THAT(linesOf(grid).front(), MatchesRegex(" +ext4 off +ext4 on +xfs off +xfs on"));
  EXPECT_THAT(lineWith(grid, "mainline"), MatchesRegex("mainline +A 1/1 +ok +A 1/1 +ok"));
  EXPECT_EQ(lineWith(grid, "5.10.y"), "5.10.y    not built");
}

TEST(Overview, HasOneColumnForAFilesystemOfOneSide) {
  Results matrix = oneSided();
  matrix.trees[1].machines[1].cases[4].verdict = Verdict::fail;
  const std::string grid = overviewGrid(matrix, kPlain);
  EXPECT_THAT(linesOf(grid).front(), MatchesRegex(" +ext4 +xfs"));
  EXPECT_THAT(lineWith(grid, "mainline"), MatchesRegex("mainline +ok\\+skip +ok\\+skip"));
  EXPECT_THAT(lineWith(grid, "6.1.y"), MatchesRegex("6.1.y +A 1/2 +A 1/2 V 1/1"));
}

TEST(Overview, AVerdictOfTheMachineIsNotCounted) {
  Results matrix = oneSided();
  matrix.trees[1] = samples::titled("6.1.y", samples::panickedRun());
  EXPECT_THAT(lineWith(overviewGrid(matrix, kPlain), "6.1.y"), MatchesRegex("6.1.y +PANIC"));
}

TEST(CaseGrid, HasTheWordOfEachTree) {
  const std::string grid = caseGrid(samples::matrix(), kPlain);
  EXPECT_THAT(linesOf(grid).front(), MatchesRegex(" +mainline +6.1.y")) << "no column for 5.10.y";
  EXPECT_THAT(lineWith(grid, "overlay"), MatchesRegex("A2\\..* proves +proves"));
  EXPECT_THAT(lineWith(grid, "volatile"), MatchesRegex("V1\\..* guards +guards"));
}

TEST(CaseGrid, SubjectsWithTheSameOutcomesShareARow) {
  Results matrix = samples::matrix();
  for (std::size_t tree : {0, 1}) {
    for (const char* filesystem : {"ext4", "xfs"}) {
      setVerdicts(matrix.trees[tree], filesystem, 1, Verdict::pass, Verdict::pass);
    }
  }
  EXPECT_THAT(lineWith(caseGrid(matrix, kPlain), "plain, overlay"),
              MatchesRegex("A2\\..* guards +guards"));
}

TEST(CaseGrid, FilesystemsThatDoNotAgreeDifferAndOneThatFailsWins) {
  Results matrix = samples::matrix();
  setVerdicts(matrix.trees[0], "xfs", 1, Verdict::pass, Verdict::pass);
  setVerdicts(matrix.trees[1], "xfs", 1, Verdict::fail, Verdict::fail);
  for (const char* filesystem : {"ext4", "xfs"}) {
    setVerdicts(matrix.trees[1], filesystem, 2, Verdict::skip, Verdict::skip);
  }
  const std::string grid = caseGrid(matrix, kPlain);
  EXPECT_THAT(lineWith(grid, "overlay"), MatchesRegex("A2\\..* differs +fails"));
  EXPECT_THAT(lineWith(grid, "volatile"), MatchesRegex("V1\\..* guards +skip"));
  EXPECT_THAT(
      differences(matrix, kPlain),
      ElementsAre("A2.EveryOpenFdReportsOnce on overlay: proves on ext4; guards on xfs (mainline)",
                  "A2.EveryOpenFdReportsOnce on overlay: proves on ext4; fails on xfs (6.1.y)"));
}

TEST(CaseGrid, WhatIsTrueForAllTreesNamesNone) {
  Results matrix = samples::matrix();
  for (std::size_t tree : {0, 1}) {
    setVerdicts(matrix.trees[tree], "xfs", 1, Verdict::pass, Verdict::pass);
  }
  EXPECT_THAT(differences(matrix, kPlain),
              ElementsAre("A2.EveryOpenFdReportsOnce on overlay: proves on ext4; guards on xfs"));
  EXPECT_THAT(differences(samples::matrix(), kPlain), IsEmpty());
}

TEST(CaseGrid, HasVerdictsOfOneSide) {
  Results matrix = oneSided();
  matrix.trees[1].machines[0].cases[3].verdict = Verdict::pass;
  matrix.trees[0].machines[0].cases[4].verdict = Verdict::pass;
  const std::string grid = caseGrid(matrix, kPlain);
  EXPECT_THAT(lineWith(grid, "A1."), MatchesRegex("A1\\..* plain, overlay +ok +ok"));
  EXPECT_THAT(lineWith(grid, "A2.EveryOpenFdReportsOnce overlay"),
              MatchesRegex("A2\\..* ok +FAIL"));
  EXPECT_THAT(lineWith(grid, "V1."), MatchesRegex("V1\\..* ok\\+skip +skip"));
  EXPECT_THAT(differences(matrix, kPlain),
              ElementsAre("A2.EveryOpenFdReportsOnce on overlay: ok on ext4; FAIL on xfs (6.1.y)",
                          "V1.MountFails on volatile: ok on ext4; skip on xfs (mainline)"));
}

TEST(MatrixJson, SaysWhatEachTreeIsAndHowItDid) {
  const auto object = nlohmann::json::parse(matrixJson(samples::matrix()));
  EXPECT_EQ(object["format"], 1);
  EXPECT_EQ(object["version"], "v1");
  EXPECT_EQ(object["exit_status"], 8);
  ASSERT_EQ(object["trees"].size(), 3u);
  const auto& tree = object["trees"][1];
  EXPECT_EQ(tree["tree"], "6.1.y");
  EXPECT_EQ(tree["release"], "6.1.192");
  EXPECT_EQ(tree["source"], "linux 6.1.192-1, pristine");
  EXPECT_EQ(tree["series"], "a-syncfs (3 patches)");
  EXPECT_EQ(tree["machine"], "QEMU (TCG)");
  EXPECT_EQ(tree["exit_status"], 0);
  EXPECT_EQ(tree["counts"]["pass"], 10);
  EXPECT_EQ(tree["counts"]["fail"], 2);
  EXPECT_TRUE(tree["failure"].is_null());
  const auto& unbuilt = object["trees"][2];
  EXPECT_TRUE(unbuilt["release"].is_null());
  EXPECT_EQ(unbuilt["exit_status"], 8);
  EXPECT_THAT(unbuilt["failure"]["what"], HasSubstr("hunk 2 of 3 failed"));
}

TEST(MatrixJson, HasEveryCaseOfEveryTree) {
  const auto object = nlohmann::json::parse(matrixJson(samples::matrix()));
  ASSERT_EQ(object["cases"].size(), 2u * 2u * 3u);
  const auto& proven = object["cases"][1];
  EXPECT_EQ(proven["case"], "A2.EveryOpenFdReportsOnce");
  EXPECT_EQ(proven["tree"], "mainline");
  EXPECT_EQ(proven["filesystem"], "ext4");
  EXPECT_EQ(proven["subject"], "overlay");
  EXPECT_EQ(proven["off"], "fail");
  EXPECT_EQ(proven["on"], "pass");
  EXPECT_EQ(proven["proof"], "proves");
}

TEST(MatrixJson, ASideThatWasNotJudgedIsNull) {
  Results matrix = oneSided();
  for (MachineResult& machine : matrix.trees[1].machines) machine.series_on = false;
  const auto cases = nlohmann::json::parse(matrixJson(matrix))["cases"];
  EXPECT_TRUE(cases.front()["off"].is_null());
  EXPECT_EQ(cases.front()["on"], "pass");
  EXPECT_TRUE(cases.front()["proof"].is_null());
  EXPECT_EQ(cases.back()["off"], "skip");
  EXPECT_TRUE(cases.back()["on"].is_null());
}

}  // namespace
}  // namespace runner
