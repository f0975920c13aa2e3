// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/support/sample_results.h"

namespace runner {
namespace {

using ::testing::HasSubstr;

std::string junit(const Results& run) {
  return runner::junit(run, run.trees.front());
}

// Every tag that opens is closed in order, and no character is there that XML 1.0 forbids.
void expectWellFormed(const std::string& xml) {
  for (const char c : xml) {
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  }
  const std::regex reference("&(amp|lt|gt|quot|#10);");
  EXPECT_EQ(std::regex_replace(xml, reference, "").find('&'), std::string::npos);
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z]+)((?: [a-z]+=\"[^\"<]*\")*)(/?)>");
  std::size_t tags = 0;
  for (auto it = std::sregex_iterator(xml.begin(), xml.end(), tag); it != std::sregex_iterator();
       ++it) {
    ++tags;
    const std::string name = (*it)[2];
    if ((*it)[1].length() > 0) {
      ASSERT_FALSE(open.empty()) << name;
      EXPECT_EQ(open.back(), name);
      open.pop_back();
    } else if ((*it)[4].length() == 0) {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
  // All '<' belong to the tags and to the first line.
  EXPECT_EQ(static_cast<std::size_t>(std::count(xml.begin(), xml.end(), '<')), tags + 1);
}

TEST(Junit, IsWellFormedForEveryKindOfRun) {
  expectWellFormed(junit(samples::failedRun()));
  expectWellFormed(junit(samples::comparedRun()));
  expectWellFormed(junit(samples::panickedRun()));
}

TEST(Junit, CountsAreThoseOfTheElements) {
  const std::string xml = junit(samples::failedRun());
  EXPECT_THAT(xml, HasSubstr("<testsuites name=\"ovl-syncfs\" tests=\"10\" failures=\"2\" "
                             "errors=\"0\" skipped=\"2\" time=\"1.300\">"));
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"ext4\" tests=\"5\" failures=\"1\" errors=\"0\" "
                             "skipped=\"1\" time=\"1.200\">"));
}

TEST(Junit, AFailureHasItsMessageAndDetails) {
  const std::string xml = junit(samples::failedRun());
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"ext4.A2\" "
                             "name=\"A2.EveryOpenFdReportsOnce/overlay\" time=\"0.012\">"));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"fail\" message=\"a2.cc:12: expected EIO"));
  EXPECT_THAT(xml, HasSubstr("broken: at 3 ms: 8 sectors of /base/data fail"));
}

TEST(Junit, VerdictsOfTheRunAreErrorsWithTheirName) {
  const std::string xml = junit(samples::panickedRun());
  EXPECT_THAT(xml, HasSubstr("<error type=\"panic\""));
  EXPECT_THAT(xml, HasSubstr("<error type=\"lost\""));
  EXPECT_THAT(xml, HasSubstr("errors=\"2\""));
}

TEST(Junit, ExpectedFailuresAreSkippedAndUnexpectedPassesFail) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases = {
      samples::caseResult("A1.X", "ext4", "plain", Verdict::xfail, "known"),
      samples::caseResult("A1.Y", "ext4", "plain", Verdict::xpass, "known")};
  const std::string xml = junit(run);
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"expected failure: known\"/>"));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"xpass\" message=\"unexpected pass: known\">"));
}

TEST(Junit, TwoKernelsAreToldApartAndExpectedFailuresAreSkipped) {
  const std::string xml = junit(samples::comparedRun());
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"ext4 series off\" tests=\"3\" failures=\"0\" "
                             "errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("classname=\"ext4.off.A2\""));
  EXPECT_THAT(xml, HasSubstr("classname=\"ext4.on.A2\""));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"expected failure: without the series\"/>"));
}

TEST(Junit, AMachineThatNeverBootedIsATestcaseOfItsOwn) {
  Results run = samples::panickedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].verdict = Verdict::lost;
  results.machines[0].detail = "never booted";
  results.machines[0].cases.clear();
  const std::string xml = junit(run);
  expectWellFormed(xml);
  EXPECT_THAT(xml, HasSubstr("name=\"machine\""));
  EXPECT_THAT(xml, HasSubstr("message=\"never booted\""));
}

TEST(Junit, ATreeWithoutAKernelIsAnError) {
  const std::string xml = junit(samples::unbuiltRun());
  expectWellFormed(xml);
  EXPECT_THAT(xml, HasSubstr("tests=\"1\" failures=\"0\" errors=\"1\""));
  EXPECT_THAT(xml, HasSubstr("message=\"not built\""));
  EXPECT_THAT(xml, HasSubstr("hunk 2 of 3 failed"));
}

TEST(Junit, EscapesAndReplacesWhatXmlCannotHold) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines.resize(1);
  results.machines[0].cases[3].failures = {
      "a <b> & \"c\"\nsecond\x01\x1b[31m\xff \xef\xbf\xbf ]]>"};
  const std::string xml = junit(run);
  expectWellFormed(xml);
  EXPECT_THAT(xml, HasSubstr("message=\"a &lt;b&gt; &amp; &quot;c&quot;&#10;second"));
  EXPECT_EQ(xml.find("\xef\xbf\xbf"), std::string::npos) << "U+FFFF";
}

}  // namespace
}  // namespace runner
