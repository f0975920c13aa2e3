// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/suite_judgement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace runner
