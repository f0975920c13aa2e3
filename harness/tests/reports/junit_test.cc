// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <regex>
#include <string>
#include <vector>

#include "runner/reports/formats.h"
#include "tests/support/sample_results.h"

namespace runner {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A parsed report.
struct Parsed {
  explicit Parsed(const Results& run) : text(junit(run, run.trees.front())) {
    const pugi::xml_parse_result result = document.load_string(text.c_str(), pugi::parse_full);
    EXPECT_TRUE(result) << result.description();
  }
  // The element that an XPath expression finds first.
  pugi::xml_node at(const char* path) const { return document.select_node(path).node(); }

  std::string text;
  pugi::xml_document document;
};

// "name=ext4 tests=5": in the order in which they are written.
std::string attributesOf(const pugi::xml_node& element) {
  std::string text;
  for (const pugi::xml_attribute& each : element.attributes()) {
    text += std::string(text.empty() ? "" : " ") + each.name() + '=' + each.value();
  }
  return text;
}

// All tags are balanced, and there is no character that XML 1.0 forbids.
void expectWellFormed(const std::string& xml) {
  for (const char c : xml) {
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  }
  const std::regex reference("&(amp|lt|gt|quot|#10);");
  EXPECT_EQ(std::regex_replace(xml, reference, "").find('&'), std::string::npos);
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z]+)((?: [a-z]+=\"[^\"<]*\")*) ?(/?)>");
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
  expectWellFormed(Parsed(samples::failedRun()).text);
  expectWellFormed(Parsed(samples::comparedRun()).text);
  expectWellFormed(Parsed(samples::panickedRun()).text);
}

TEST(Junit, CountsAreThoseOfTheElements) {
  const Parsed xml(samples::failedRun());
  EXPECT_EQ(attributesOf(xml.at("/testsuites")),
            "name=ovl-syncfs tests=10 failures=2 errors=0 skipped=2 time=1.300");
  EXPECT_EQ(attributesOf(xml.at("/testsuites/testsuite[1]")),
            "name=ext4 tests=5 failures=1 errors=0 skipped=1 time=1.200");
}

TEST(Junit, ASuiteSaysWhatWasJudged) {
  const Parsed xml(samples::failedRun());
  EXPECT_EQ(xml.document.select_nodes("//properties/property").size(), 2u * 2u);
  EXPECT_EQ(attributesOf(xml.at("//testsuite/properties[1]/property[1]")),
            "name=kernel value=7.3.4");
  EXPECT_EQ(attributesOf(xml.at("//testsuite/properties[1]/property[2]")),
            "name=machine value=User-Mode Linux");
}

TEST(Junit, AFailureHasItsMessageAndDetails) {
  const Parsed xml(samples::failedRun());
  const pugi::xml_node failure = xml.at("//failure");
  EXPECT_EQ(attributesOf(failure.parent()),
            "classname=ext4.A2 name=A2.EveryOpenFdReportsOnce/overlay time=0.012");
  EXPECT_THAT(attributesOf(failure), StartsWith("type=fail message=a2.cc:12: expected EIO"));
  EXPECT_THAT(failure.child_value(), HasSubstr("broken: at 3 ms: 8 sectors of /base/data fail\n"));
}

TEST(Junit, VerdictsOfTheRunAreErrorsWithTheirName) {
  const Parsed xml(samples::panickedRun());
  EXPECT_TRUE(xml.at("//error[@type='panic']"));
  EXPECT_TRUE(xml.at("//error[@type='lost']"));
  EXPECT_STREQ(xml.at("/testsuites").attribute("errors").value(), "2");
}

TEST(Junit, ExpectedFailuresAreSkippedAndUnexpectedPassesFail) {
  Results run = samples::failedRun();
  run.trees[0].machines.resize(1);
  run.trees[0].machines[0].cases = {
      samples::caseResult("A1.X", "ext4", "plain", Verdict::xfail, "known"),
      samples::caseResult("A1.Y", "ext4", "plain", Verdict::xpass, "known")};
  const Parsed xml(run);
  EXPECT_EQ(attributesOf(xml.at("//skipped")), "message=expected failure: known");
  EXPECT_EQ(attributesOf(xml.at("//failure")), "type=xpass message=unexpected pass: known");
}

TEST(Junit, TwoKernelsAreToldApartAndExpectedFailuresAreSkipped) {
  const Parsed xml(samples::comparedRun());
  EXPECT_THAT(attributesOf(xml.at("//testsuite[1]")),
              StartsWith("name=ext4 series off tests=3 failures=0 errors=0 skipped=1 "));
  EXPECT_TRUE(xml.at("//testcase[@classname='ext4.off.A2']"));
  EXPECT_TRUE(xml.at("//testcase[@classname='ext4.on.A2']"));
  EXPECT_EQ(attributesOf(xml.at("//skipped")), "message=expected failure: without the series");
}

TEST(Junit, AMachineThatNeverBootedIsATestcaseOfItsOwn) {
  Results run = samples::panickedRun();
  MachineResult& machine = run.trees[0].machines[0];
  machine.verdict = Verdict::lost;
  machine.detail = "never booted";
  machine.cases.clear();
  const Parsed xml(run);
  expectWellFormed(xml.text);
  EXPECT_EQ(attributesOf(xml.at("//testcase[@name='machine']/error")),
            "type=lost message=never booted");
}

TEST(Junit, ATreeWithoutAKernelIsAnError) {
  const Parsed xml(samples::unbuiltRun());
  expectWellFormed(xml.text);
  EXPECT_THAT(attributesOf(xml.at("/testsuites")), HasSubstr("tests=1 failures=0 errors=1"));
  EXPECT_STREQ(xml.at("//error").attribute("message").value(), "not built");
  EXPECT_THAT(xml.at("//error").child_value(), HasSubstr("hunk 2 of 3 failed"));
}

TEST(Junit, EscapesAndReplacesWhatXmlCannotHold) {
  Results run = samples::failedRun();
  run.trees[0].machines.resize(1);
  run.trees[0].machines[0].cases[3].failures = {
      "a <b> & \"c\"\nsecond\x01\x1b[31m\xff \xef\xbf\xbf ]]>"};
  const Parsed xml(run);
  expectWellFormed(xml.text);
  const std::string said = "a <b> & \"c\"\nsecond?? ? ]]>";
  EXPECT_EQ(xml.at("//failure").attribute("message").value(), said) << "the line end too";
  EXPECT_THAT(xml.at("//failure").child_value(), StartsWith("got: " + said));
  EXPECT_EQ(xml.text.find("]]>", xml.text.find(">got: ")), std::string::npos) << "in content";
  EXPECT_EQ(xml.text.find("\xef\xbf\xbf"), std::string::npos) << "U+FFFF";
}

}  // namespace
}  // namespace runner
