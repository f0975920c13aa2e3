// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runner/reports/formats.h"
#include "tests/support/sample_results.h"

namespace runner {
namespace {

std::string json(const Results& run) {
  return runner::json(run, run.trees.front());
}

TEST(JsonReport, SaysExactlyWhatWasJudged) {
  const auto object = nlohmann::json::parse(json(samples::failedRun()));
  EXPECT_EQ(object["format"], 1);
  EXPECT_EQ(object["version"], "v1");
  EXPECT_EQ(object["exit_status"], 1);
  EXPECT_EQ(object["interrupted"], false);
  const auto& kernel = object["kernels"][0];
  EXPECT_EQ(kernel["release"], "7.3.4");
  EXPECT_EQ(kernel["source"], "linux 7.3.4-1~bpo13+1, pristine");
  EXPECT_EQ(kernel["series"], "a-syncfs (3 patches)");
  EXPECT_EQ(kernel["compiler"], "gcc 12.2.0");
  EXPECT_EQ(kernel["image_key"], "0123abcd");
}

TEST(JsonReport, HasEverythingAboutEveryCase) {
  const auto object = nlohmann::json::parse(json(samples::failedRun()));
  EXPECT_EQ(object["counts"]["pass"], 6);
  EXPECT_EQ(object["counts"]["fail"], 2);
  EXPECT_EQ(object["counts"]["skip"], 2);
  EXPECT_EQ(object["counts"]["panic"], 0);
  ASSERT_EQ(object["machines"].size(), 2u);
  const auto& failed = object["machines"][0]["cases"][3];
  EXPECT_EQ(failed["case"], "A2.EveryOpenFdReportsOnce");
  EXPECT_EQ(failed["filesystem"], "ext4");
  EXPECT_EQ(failed["subject"], "overlay");
  EXPECT_EQ(failed["verdict"], "fail");
  EXPECT_EQ(failed["milliseconds"], 12);
  EXPECT_EQ(failed["failures"].size(), 1u);
  EXPECT_EQ(failed["faults"].size(), 1u);
  EXPECT_EQ(failed["console"].size(), 1u);
  EXPECT_EQ(object["requirements"]["V1"], "Unseen upper error at mount: the mount fails with EIO.");
}

TEST(JsonReport, CasesThatDidNotRunAreMarked) {
  const auto object = nlohmann::json::parse(json(samples::panickedRun()));
  EXPECT_EQ(object["exit_status"], 5);
  EXPECT_EQ(object["machines"][0]["cases"][2]["verdict"], "lost");
  EXPECT_EQ(object["machines"][0]["cases"][2]["reached"], false);
}

TEST(JsonReport, InvalidUtf8OfAGuestIsReplaced) {
  Results run = samples::failedRun();
  TreeResults& results = run.trees.front();
  results.machines[0].cases[3].console = {"\xff\xfe"};
  EXPECT_TRUE(nlohmann::json::accept(json(run)));
}

TEST(JsonReport, SaysWhyThereIsNoKernel) {
  const auto object = nlohmann::json::parse(json(samples::unbuiltRun()));
  EXPECT_EQ(object["exit_status"], 8);
  EXPECT_EQ(object["failure"]["exit_status"], 8);
  EXPECT_THAT(object["failure"]["what"], ::testing::HasSubstr("hunk 2 of 3 failed"));
  EXPECT_TRUE(object["machines"].empty());
  EXPECT_TRUE(nlohmann::json::parse(json(samples::failedRun()))["failure"].is_null());
}

}  // namespace
}  // namespace runner
