// SPDX-License-Identifier: GPL-2.0-only
#include "runner/reports/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"
#include "runner/reports/failures.h"
#include "runner/reports/grids.h"
#include "sys/shell_word.h"
#include "tests/support/lines.h"
#include "tests/support/sample_results.h"

namespace runner {
namespace {

using samples::kPlain;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

std::string failures(const Results& run, const FailureLimits& limits = {}) {
  return failureReport(run, run.trees.front(), kPlain, limits);
}

TEST(Table, SaysWhatIsJudged) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.notes = {"KVM does not answer here"};
  const std::string text = table(run, "/out", kPlain);
  EXPECT_THAT(text, HasSubstr("Linux 7.3.4, series a-syncfs (3 patches), in User-Mode Linux"));
  EXPECT_THAT(text, HasSubstr("linux 7.3.4-1~bpo13+1, pristine"));
  EXPECT_THAT(text, HasSubstr("KVM does not answer here"));
  EXPECT_THAT(text, HasSubstr("/out"));
}

TEST(Table, HasOneRowForEachRequirement) {
  const std::string grid = requirementGrid(samples::failedRun(), kPlain);
  EXPECT_EQ(linesOf(grid).size(), 2u + 3u) << grid;
  // plain on ext4 and xfs, overlay on both, nothing on volatile.
  EXPECT_THAT(lineWith(grid, "A2  "), MatchesRegex("A2 .* ok +ok +FAIL +FAIL"));
  EXPECT_THAT(lineWith(grid, "A1  "), MatchesRegex("A1 .* ok +ok +ok +ok"));
  EXPECT_THAT(lineWith(grid, "V1  "), MatchesRegex("V1 .* skip +skip"));
}

TEST(Table, TheBareFilesystemComesFirstWhateverRanFirst) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases = {samples::caseResult("A1.One", "ext4", "volatile", Verdict::pass),
                               samples::caseResult("A1.One", "ext4", "overlay", Verdict::pass),
                               samples::caseResult("A1.One", "ext4", "plain", Verdict::pass)};
  EXPECT_THAT(linesOf(requirementGrid(run, kPlain)).front(),
              MatchesRegex(" +plain +overlay +volatile"));
}

TEST(Table, ARowThatOnlyTheLastFilesystemHasIsAtItsPlace) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases = {samples::caseResult("A1.One", "ext4", "plain", Verdict::pass),
                               samples::caseResult("D5.One", "ext4", "plain", Verdict::pass),
                               samples::caseResult("D3.One", "ext4", "plain", Verdict::pass)};
  const std::string grid = requirementGrid(run, kPlain);
  EXPECT_LT(grid.find("A1 "), grid.find("D3 ")) << grid;
  EXPECT_LT(grid.find("D3 "), grid.find("D5 ")) << grid;
}

TEST(Table, TheWorstVerdictOfACellIsShown) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases = {samples::caseResult("A1.One", "ext4", "plain", Verdict::skip),
                               samples::caseResult("A1.Two", "ext4", "plain", Verdict::timeout),
                               samples::caseResult("A1.Three", "ext4", "plain", Verdict::fail),
                               samples::caseResult("A2.One", "ext4", "plain", Verdict::skip),
                               samples::caseResult("A2.Two", "ext4", "plain", Verdict::pass)};
  const std::string grid = requirementGrid(run, kPlain);
  EXPECT_THAT(lineWith(grid, "A1 "), HasSubstr("TIMEOUT"));
  EXPECT_THAT(lineWith(grid, "A2 "), HasSubstr(" ok+skip")) << "not as one that passed";
}

TEST(Table, ColumnsStayAlignedBelowASkip) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases.push_back(
      samples::caseResult("A1.Other", "ext4", "plain", Verdict::skip, "why"));
  for (const Style& style : {kPlain, Style{.color = false, .unicode = true, .width = 100}}) {
    const std::string grid = requirementGrid(run, style);
    const auto columnOfLast = [&](const std::string& line, const std::string& word) {
      return columnsOf(line.substr(0, line.rfind(word)));
    };
    const std::string mark = style.unicode ? "\u2713" : "ok";
    const std::string a1 = lineWith(grid, "A1 ");
    const std::string a2 = lineWith(grid, "A2 ");
    EXPECT_THAT(a1, HasSubstr(mark + "+skip"));
    // The last cell of both rows is that of the overlay on xfs.
    EXPECT_LE(columnOfLast(a1, mark) - columnOfLast(a2, "FAIL"), 1u) << grid;
  }
}

TEST(Table, NoLineIsWiderThanTheStyleButTheCommandToCopy) {
  for (const Results& run :
       {samples::failedRun(), samples::comparedRun(), samples::panickedRun()}) {
    for (const Style& style : {kPlain, Style{.color = false, .unicode = true, .width = 80}}) {
      for (const std::string& line : linesOf(table(run, "/out", style))) {
        if (line.find("./ovl-syncfs run") != std::string::npos) continue;
        EXPECT_LE(columnsOf(line), style.width) << line;
      }
    }
  }
}

TEST(Table, ColorsAndUnicodeOnlyWhenTheyAreAskedFor) {
  const Results run = samples::failedRun();
  const std::string plain = table(run, "/out", kPlain);
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  for (const char c : plain) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  EXPECT_THAT(table(run, "", Style{.color = true, .unicode = true, .width = 100}),
              HasSubstr("\x1b[32m"));
}

TEST(Table, SummaryCountsEveryVerdictAndSkipsHaveTheirReasons) {
  const std::string text = table(samples::failedRun(), "/out", kPlain);
  EXPECT_THAT(text, HasSubstr("NOT PASSED: 6 passed, 2 failed, 2 skipped"));
  EXPECT_THAT(text, HasSubstr("2 cases: no such mode"));
}

TEST(FailureReport, ShowsEverythingAboutAFailureOnce) {
  const std::string text = failures(samples::failedRun());
  EXPECT_THAT(text, HasSubstr("FAIL  A2.EveryOpenFdReportsOnce on overlay (ext4, xfs)"));
  EXPECT_THAT(text, HasSubstr("Every fd open before the error gets it once"));
  EXPECT_THAT(text, HasSubstr("expected EIO (Input/output error), got success"));
  EXPECT_THAT(text, HasSubstr("at 3 ms: 8 sectors of /base/data fail"));
  EXPECT_THAT(text, HasSubstr("Buffer I/O error"));
  EXPECT_THAT(text, HasSubstr("./ovl-syncfs run --tree mainline --series on --machine uml "
                              "--fs ext4,xfs --filter 'A2.EveryOpenFdReportsOnce/*/overlay'"));
}

TEST(FailureReport, OneFilesystemIsRunAgainByItsFullName) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  EXPECT_THAT(failures(run),
              HasSubstr("--fs ext4 --filter 'A2.EveryOpenFdReportsOnce/ext4/overlay'"));
}

TEST(FailureReport, DifferentFailuresOfOneCaseAreApart) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines[1].cases[3].failures = {"something else"};
  const std::string text = failures(run);
  EXPECT_THAT(text, HasSubstr("on overlay (ext4)"));
  EXPECT_THAT(text, HasSubstr("on overlay (xfs)"));
}

TEST(FailureReport, APanicNamesItsCaseTheConsoleAndWhatDidNotRun) {
  const std::string text = failures(samples::panickedRun());
  EXPECT_THAT(text, HasSubstr("PANIC  A1.ReportedOnce on overlay (ext4)"));
  EXPECT_THAT(text, HasSubstr("Attempted to kill init"));
  EXPECT_THAT(text, HasSubstr("[    2.0] Kernel panic - not syncing")) << "no escape sequences";
  EXPECT_THAT(text, HasSubstr("LOST  1 case (ext4)"));
}

TEST(FailureReport, ALongBacktraceDoesNotPushOutWhatThePanicSaid) {
  Results run = samples::panickedRun();
  TreeResults& results = run.trees.front();
  auto& console = results.machines[0].cases[1].console;
  console = {"earlier", "[    2.0] Kernel panic - not syncing: Attempted to kill init"};
  console.insert(console.end(), 40, "[    2.0]  [<60043ecc>] ? 0x0000000060043ecc");
  const std::string text = failures(run);
  EXPECT_THAT(text, HasSubstr("earlier\n"));
  EXPECT_THAT(text, HasSubstr("[    2.0] Kernel panic"));
}

TEST(FailureReport, AMachineThatNeverBootedIsABlockOfItsOwn) {
  Results run = samples::panickedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases.clear();
  results.machines[0].verdict = Verdict::lost;
  results.machines[0].detail = "never booted before the first case: no line within 30 s";
  results.machines[0].console_tail = {"UML: nothing here"};
  run.filter = "A*";
  const std::string text = failures(run);
  EXPECT_THAT(text, HasSubstr("LOST  the machine (ext4)"));
  EXPECT_THAT(text, HasSubstr("never booted"));
  EXPECT_THAT(text, HasSubstr("UML: nothing here"));
  EXPECT_THAT(text, HasSubstr("--fs ext4 --filter 'A*'\n"));
  EXPECT_THAT(table(run, "/out", kPlain), HasSubstr("; the machine on ext4: lost\n"));
}

TEST(FailureReport, ConsoleAndBlocksAreBounded) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases[3].console.assign(40, "a line of the console");
  results.machines[1].cases[3].failures = {"something else"};
  const std::string text =
      failures(run, {.console_lines = 5, .blocks = 1, .in_full = "/out/failures.txt"});
  std::size_t lines = 0;
  for (const std::string& line : linesOf(text)) {
    lines += line.find("a line of the console") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(lines, 5u);
  EXPECT_THAT(text, HasSubstr("on overlay (xfs)")) << "the second block is one line";
  EXPECT_THAT(text, HasSubstr("in full   /out/failures.txt"));
  EXPECT_THAT(text, Not(HasSubstr("something else")));
}

TEST(Comparison, ShowsProvesAndGuardsAndNoExpectedFailures) {
  const std::string text = table(samples::comparedRun(), "/out", kPlain);
  EXPECT_THAT(lineWith(text, "overlay"), MatchesRegex("A2\\..* FAIL +ok +proves"));
  EXPECT_THAT(lineWith(text, "volatile"), MatchesRegex("V1\\..* ok +ok +guards"));
  EXPECT_THAT(text, HasSubstr("1 prove it, 2 guard it, 0 fail, 0 say nothing"));
  EXPECT_THAT(text, HasSubstr("\nPASS: 3 passed"));
  EXPECT_THAT(text, Not(HasSubstr("expected EIO")));
}

TEST(Comparison, SaysWhyARunThatProvesNothingDoesNotPass) {
  Results run = samples::comparedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases[1].verdict = Verdict::pass;
  std::string text = table(run, "/out", kPlain);
  std::replace(text.begin(), text.end(), '\n', ' ');
  EXPECT_THAT(text, HasSubstr("NOT PASSED: 3 passed with the series"));
  EXPECT_THAT(text, HasSubstr("no case that ran proves the series"));
}

TEST(Comparison, AFailureOfTheBareFilesystemIsShownOnEitherSide) {
  Results run = samples::comparedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases[0].verdict = Verdict::fail;
  const std::string text = table(run, "/out", kPlain);
  EXPECT_THAT(text, HasSubstr("FAIL  A2.EveryOpenFdReportsOnce on plain (ext4, series off)"));
  EXPECT_THAT(text, MatchesRegex(".*; without it,[ \n]1[ \n]case that must pass did not\n"));
  EXPECT_THAT(lineWith(text, "plain "), MatchesRegex("A2\\..* FAIL +ok +unknown"));
  EXPECT_THAT(lineWith(text, "overlay "), MatchesRegex("A2\\..* FAIL +ok +proves"));
}

TEST(Comparison, SubjectsWithTheSameVerdictsShareARow) {
  Results run = samples::comparedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases[1] =
      samples::caseResult("A2.EveryOpenFdReportsOnce", "ext4", "overlay", Verdict::pass);
  EXPECT_THAT(comparisonGrid(run, kPlain), HasSubstr("plain, overlay"));
}

TEST(Comparison, FilesystemsThatDoNotAgreeDiffer) {
  Results run = samples::comparedRun();
  TreeResults& results = run.trees.front();
  TreeResults other = samples::comparedRun().trees.front();
  for (std::size_t side : {0, 1}) {
    other.machines[side].filesystem = "xfs";
    for (CaseResult& result : other.machines[side].cases) {
      result.filesystem = "xfs";
      result.verdict = Verdict::pass;
    }
    results.machines.push_back(other.machines[side]);
  }
  const std::string grid = comparisonGrid(run, kPlain);
  EXPECT_THAT(lineWith(grid, "overlay"), MatchesRegex("A2\\..* FAIL +ok +ok +ok +differs"));
  EXPECT_THAT(lineWith(grid, "volatile"), MatchesRegex("V1\\..* ok +ok +ok +ok +guards"));
}

TEST(Text, ForeignTextIsMadeFitToPrint) {
  EXPECT_EQ(printable("a\x1b[31mred\x1b[0m\tb\r"), "ared  b");
  EXPECT_EQ(printable(std::string("nul\0bell\a", 9)), "nul?bell?");
  EXPECT_EQ(printable("\xff\xfe ok \xc3\xa9 \xc3"), "?? ok \xc3\xa9 ?");
  EXPECT_EQ(printable("\x1b"), "");
  EXPECT_EQ(printable("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd"), "??\xef\xbf\xbd");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m\xc2\xa0"),
            "?31m\xc2\xa0")
      << "a terminal's CSI in one character";
  EXPECT_EQ(printable("\xed\xa0\x80"), "???") << "a surrogate is not a character";
}

TEST(Text, TruncatesByCharactersNotBytes) {
  EXPECT_EQ(truncate("\xc3\xa9\xc3\xa9\xc3\xa9", 3, kPlain), "\xc3\xa9\xc3\xa9\xc3\xa9");
  EXPECT_EQ(truncate("abcdefgh", 5, kPlain), "ab...");
  EXPECT_EQ(columnsOf(truncate("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3, Style{.unicode = true})), 3u);
}

TEST(Text, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(sys::shellWord("/a/b.c"), "/a/b.c");
  EXPECT_EQ(sys::shellWord("it's here"), "'it'\\''s here'");
  EXPECT_EQ(sys::shellWord(""), "''");
}

TEST(Text, TimesInWords) {
  EXPECT_EQ(inWords(std::chrono::milliseconds(480)), "0.48 s");
  EXPECT_EQ(inWords(std::chrono::milliseconds(12'400)), "12 s");
  EXPECT_EQ(inWords(std::chrono::milliseconds(232'000)), "3 min 52 s");
}

}  // namespace
}  // namespace runner
