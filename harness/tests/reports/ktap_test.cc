// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "runner/reports/formats.h"
#include "tests/support/sample_results.h"

namespace runner {
namespace {

std::string ktap(const Results& run) {
  return runner::ktap(run, run.trees.front());
}

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A strict parser for ktap.rst: a version line, a plan, and at each level as many results as
// planned, numbered from 1.
class Reader {
 public:
  explicit Reader(const std::string& text) : in_(text) {
    for (std::string line; std::getline(in_, line);) lines_.push_back(line);
    level(0);
    EXPECT_EQ(next_, lines_.size()) << "lines after the end: " << lines_[next_];
  }
  int results = 0, failed = 0;

 private:
  std::string peek() const { return next_ < lines_.size() ? lines_[next_] : ""; }

  void skipDiagnostics(const std::string& indent) {
    while (peek().rfind(indent + "# ", 0) == 0) ++next_;
  }

  void level(int depth) {
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    EXPECT_EQ(peek(), indent + "KTAP version 1");
    ++next_;
    skipDiagnostics(indent);
    std::smatch match;
    std::string line = peek();
    ASSERT_TRUE(std::regex_match(line, match, std::regex(" *1\\.\\.(\\d+)"))) << line;
    ++next_;
    const int planned = std::stoi(match[1]);
    for (int number = 1; number <= planned; ++number) {
      if (peek() == indent + "  KTAP version 1") level(depth + 1);
      skipDiagnostics(indent);
      line = peek();
      const std::regex result("( *)(ok|not ok) (\\d+) ([^#]*)( # [A-Z]*.*)?");
      ASSERT_TRUE(std::regex_match(line, match, result)) << line;
      EXPECT_EQ(match[1], indent) << line;
      EXPECT_EQ(std::stoi(match[3]), number) << line;
      ++results;
      failed += match[2] == "not ok" ? 1 : 0;
      ++next_;
    }
  }

  std::istringstream in_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
};

TEST(Ktap, IsWellFormedForEveryKindOfRun) {
  const Reader failed(ktap(samples::failedRun()));
  EXPECT_EQ(failed.results, 2 * 5 + 2);
  EXPECT_EQ(failed.failed, 2 + 2) << "a machine fails with its cases";
  const Reader compared(ktap(samples::comparedRun()));
  EXPECT_EQ(compared.results, 2 * 3 + 2);
  const Reader panicked(ktap(samples::panickedRun()));
  EXPECT_EQ(panicked.failed, 2 + 1);
}

TEST(Ktap, EveryVerdictHasItsDirective) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases.clear();
  for (const Verdict verdict :
       {Verdict::pass, Verdict::fail, Verdict::skip, Verdict::xfail, Verdict::xpass,
        Verdict::timeout, Verdict::panic, Verdict::splat, Verdict::lost, Verdict::error}) {
    results.machines[0].cases.push_back(
        samples::caseResult("A1.X", "ext4", "plain", verdict,
                            verdict == Verdict::pass || verdict == Verdict::fail ? "" : "why"));
  }
  const std::string text = ktap(run);
  const Reader reader(text);
  EXPECT_THAT(text, HasSubstr("  ok 1 A1.X/plain\n"));
  EXPECT_THAT(text, HasSubstr("  not ok 2 A1.X/plain\n"));
  EXPECT_THAT(text, HasSubstr("  ok 3 A1.X/plain # SKIP why\n"));
  EXPECT_THAT(text, HasSubstr("  ok 4 A1.X/plain # XFAIL why\n"));
  EXPECT_THAT(text, HasSubstr("  # unexpected pass: why\n  not ok 5 A1.X/plain\n"));
  EXPECT_THAT(text, HasSubstr("  not ok 6 A1.X/plain # TIMEOUT why\n"));
  EXPECT_THAT(text, HasSubstr("  not ok 7 A1.X/plain # ERROR panic: why\n"));
  EXPECT_THAT(text, HasSubstr("  not ok 8 A1.X/plain # ERROR splat: why\n"));
  EXPECT_THAT(text, HasSubstr("  not ok 9 A1.X/plain # ERROR lost: why\n"));
  EXPECT_THAT(text, HasSubstr("  not ok 10 A1.X/plain # ERROR error: why\n"));
}

TEST(Ktap, AFailureThatTheSeriesMendsIsExpectedWithoutIt) {
  const std::string text = ktap(samples::comparedRun());
  EXPECT_EQ(Reader(text).failed, 0);
  EXPECT_THAT(text,
              HasSubstr("  ok 2 A2.EveryOpenFdReportsOnce/overlay # XFAIL without the series\n"));
  EXPECT_THAT(text, HasSubstr("\nok 1 ext4 series off\n"));
  EXPECT_THAT(text, HasSubstr("\nok 2 ext4 series on\n"));

  Results run = samples::comparedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases[0].verdict = Verdict::fail;
  EXPECT_EQ(Reader(ktap(run)).failed, 2) << "the bare filesystem, and with it the machine";
}

TEST(Ktap, WhatAGuestSaidCannotForgeALine) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases[3].failures = {"first\nok 99 forged\n1..7"};
  results.machines[0].cases[3].reason = "why\nnot ok 98 # SKIP";
  results.machines[0].cases[3].console = {"KTAP version 1", "ok 97 \x1b[0m"};
  const std::string text = ktap(run);
  const Reader reader(text);
  EXPECT_EQ(reader.results, 6);
  EXPECT_THAT(text, HasSubstr("  # got: ok 99 forged\n"));
}

TEST(Ktap, ASkippedMachineIsSkipped) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].verdict = Verdict::skip;
  results.machines[0].detail = "mkfs.ext4 is missing";
  results.machines[0].cases = {
      samples::caseResult("A1.X", "ext4", "plain", Verdict::skip, "mkfs.ext4 is missing")};
  EXPECT_THAT(ktap(run), HasSubstr("\nok 1 ext4 # SKIP mkfs.ext4 is missing\n"));
}

TEST(Ktap, AMachineThatWasLostIsNotOk) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases.clear();
  results.machines[0].verdict = Verdict::lost;
  results.machines[0].detail = "never booted";
  const std::string text = ktap(run);
  EXPECT_THAT(text, StartsWith("KTAP version 1\n"));
  EXPECT_THAT(text, HasSubstr("\nnot ok 1 ext4 # ERROR lost: never booted\n"));
}

TEST(Ktap, ATreeWithoutAKernelIsNotOk) {
  const std::string text = ktap(samples::unbuiltRun());
  const Reader reader(text);
  EXPECT_EQ(reader.results, 1);
  EXPECT_EQ(reader.failed, 1);
  EXPECT_THAT(text, HasSubstr("hunk 2 of 3 failed"));
}

}  // namespace
}  // namespace runner
