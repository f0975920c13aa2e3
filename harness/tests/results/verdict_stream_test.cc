// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/verdict_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <typename Expected>
Expected parsed(std::string_view line) {
  const Event event = parseEvent(line);
  if (const auto* malformed = std::get_if<MalformedLine>(&event)) ADD_FAILURE() << malformed->why;
  const auto* found = std::get_if<Expected>(&event);
  if (found == nullptr) {
    ADD_FAILURE() << "another event than expected: " << line;
    return {};
  }
  return *found;
}

std::string refusal(std::string_view line) {
  const Event event = parseEvent(line);
  const auto* malformed = std::get_if<MalformedLine>(&event);
  return malformed == nullptr ? "" : malformed->why;
}

TEST(VerdictStream, ReadsHello) {
  const auto hello =
      parsed<HelloEvent>(R"({"event":"hello","protocol":1,"kernel":"7.3.4","cases":30})");
  EXPECT_EQ(hello.protocol, kProtocol);
  EXPECT_EQ(hello.kernel, "7.3.4");
  EXPECT_EQ(hello.cases, 30u);
}

TEST(VerdictStream, ReadsUnable) {
  const auto unable = parsed<UnableEvent>(R"({"event":"unable","what":"no overlay"})");
  EXPECT_EQ(unable.what, "no overlay");
  EXPECT_FALSE(unable.only_filesystem);
  EXPECT_TRUE(parsed<UnableEvent>(R"({"event":"unable","what":"no xfs","scope":"filesystem"})")
                  .only_filesystem);
  EXPECT_EQ(parsed<NoteEvent>(R"({"event":"note","what":"a module"})").what, "a module");
}

TEST(VerdictStream, ReadsStartWithItsLimitInWholeSeconds) {
  const auto start =
      parsed<StartEvent>(R"({"event":"start","case":"A2.X","requirement":"A2","filesystem":"ext4",)"
                         R"("subject":"overlay","limit_seconds":2.5})");
  EXPECT_EQ(start.name, "A2.X");
  EXPECT_EQ(start.subject, "overlay");
  EXPECT_EQ(start.limit, std::chrono::seconds(3));
}

TEST(VerdictStream, ReadsAllOfAVerdict) {
  const auto verdict = parsed<VerdictEvent>(
      R"({"event":"verdict","case":"A2.X","requirement":"A2","filesystem":"xfs",)"
      R"("subject":"plain","verdict":"xfail","reason":"known","milliseconds":12.6,)"
      R"("failures":["a.cc:1: text"],"faults":["at 3 ms: gone","at 4 ms: back"]})");
  EXPECT_EQ(verdict.result.fullName(), "A2.X/xfs/plain");
  EXPECT_EQ(verdict.result.verdict, Verdict::xfail);
  EXPECT_EQ(verdict.result.reason, "known");
  EXPECT_EQ(verdict.result.duration, std::chrono::milliseconds(13));
  EXPECT_THAT(verdict.result.failures, ElementsAre("a.cc:1: text"));
  EXPECT_THAT(verdict.result.faults, ElementsAre("at 3 ms: gone", "at 4 ms: back"));
}

TEST(VerdictStream, ReadsEnd) {
  EXPECT_EQ(parsed<EndEvent>(R"({"event":"end","verdicts":3})").verdicts, 3u);
}

TEST(VerdictStream, RefusesAnythingButObjectsAndQuotesIt) {
  EXPECT_THAT(refusal(""), HasSubstr("not a JSON object"));
  EXPECT_THAT(refusal("Kernel panic"), HasSubstr("Kernel panic"));
  EXPECT_THAT(refusal("[1,2]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(refusal(R"({"event":"verdict","case":"A2.X)"), HasSubstr("not a JSON object"));
  EXPECT_LT(refusal(std::string(100000, 'x')).size(), 300u);
}

TEST(VerdictStream, RefusesMissingMembersAndWrongTypes) {
  EXPECT_THAT(refusal(R"({"event":"hello","protocol":1,"cases":1})"), HasSubstr("kernel"));
  EXPECT_THAT(refusal(R"({"event":"end","verdicts":"three"})"),
              HasSubstr("type must be number, but is string"));
  EXPECT_THAT(refusal(R"({"event":"later"})"), HasSubstr("unknown event \"later\""));
  EXPECT_THAT(refusal(R"({"verdicts":3})"), HasSubstr("key 'event' not found"));
}

TEST(VerdictStream, AGuestCannotClaimWhatOnlyTheRunnerCanSay) {
  for (const char* word : {"timeout", "panic", "splat", "lost", "PASS", ""}) {
    const std::string line =
        std::string(R"({"event":"verdict","case":"A2.X","requirement":"A2","filesystem":"xfs",)") +
        R"("subject":"plain","verdict":")" + word + "\"}";
    EXPECT_THAT(refusal(line), HasSubstr("is not a verdict of a case")) << word;
  }
}

TEST(VerdictStream, RefusesTimesOutOfRange) {
  for (const char* time : {"-1", "1e300"}) {
    const std::string line =
        std::string(R"({"event":"verdict","case":"A2.X","requirement":"A2","filesystem":"xfs",)") +
        R"("subject":"plain","verdict":"pass","milliseconds":)" + time + "}";
    EXPECT_THAT(refusal(line), HasSubstr("out of range")) << time;
  }
}

}  // namespace
}  // namespace runner
