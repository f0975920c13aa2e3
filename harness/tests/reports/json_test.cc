// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/sample_results.h"

namespace runner {
namespace {

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

TEST(JsonReport, CasesThatDidNotRunAreThereAndSaySo) {
  const auto object = nlohmann::json::parse(json(samples::panickedRun()));
  EXPECT_EQ(object["exit_status"], 5);
  EXPECT_EQ(object["machines"][0]["cases"][2]["verdict"], "lost");
  EXPECT_EQ(object["machines"][0]["cases"][2]["reached"], false);
}

TEST(JsonReport, InvalidUtf8OfAGuestIsReplaced) {
  RunResults results = samples::failedRun();
  results.machines[0].cases[3].console = {"\xff\xfe"};
  EXPECT_NO_THROW(nlohmann::json::parse(json(results)));
}

TEST(JsonReport, SaysWhyThereIsNoKernel) {
  const auto object = nlohmann::json::parse(json(samples::unbuiltRun()));
  EXPECT_EQ(object["exit_status"], 8);
  EXPECT_EQ(object["failure"]["exit_status"], 8);
  EXPECT_THAT(object["failure"]["what"], ::testing::HasSubstr("hunk 2 of 3 failed"));
  EXPECT_TRUE(object["machines"].empty());
  EXPECT_TRUE(nlohmann::json::parse(json(samples::failedRun()))["failure"].is_null());
}

TEST(JsonList, HasCasesRequirementsSubjectsAndTrees) {
  const std::vector<ListedCase> cases = {{"A1.X", "A1", "words", {"plain", "overlay"}},
                                         {"V1.Y", "V1", "more words", {"volatile"}}};
  Trees trees;
  trees.series = {{"a-syncfs", {"A1"}, {"V1"}}, {"c-volatile-reuse", {"C1"}, {}}};
  trees.all.resize(2);
  trees.all[0].name = "mainline";
  trees.all[0].series = {"patches/mainline/a-syncfs", "patches/mainline/c-volatile-reuse"};
  trees.all[1].name = "7.2";
  trees.all[1].series = {"patches/7.2/../mainline/a-syncfs"};
  const auto object = nlohmann::json::parse(json(cases, trees));
  EXPECT_EQ(object["cases"].size(), 2u);
  EXPECT_EQ(object["requirements"]["A1"], "words");
  EXPECT_EQ(object["subjects"], (std::vector<std::string>{"plain", "overlay", "volatile"}));
  EXPECT_EQ(object["trees"], (std::vector<std::string>{"mainline", "7.2"}));
  const auto& series = object["series"];
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0]["series"], "a-syncfs");
  EXPECT_EQ(series[0]["proves"], std::vector<std::string>{"A1"});
  EXPECT_EQ(series[0]["guards"], std::vector<std::string>{"V1"});
  EXPECT_EQ(series[0]["trees"], (std::vector<std::string>{"mainline", "7.2"}));
  EXPECT_EQ(series[1]["trees"], std::vector<std::string>{"mainline"});
}

TEST(CaseList, IsReadBackFromItsOwnFormat) {
  const auto cases =
      parseCaseList(R"([{"case":"A1.X","requirement":"A1","text":"words","subjects":["plain"]}])");
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].name, "A1.X");
  EXPECT_EQ(cases[0].group, "quick");
  EXPECT_EQ(parseCaseList(R"([{"case":"A1.X","requirement":"A1","text":"words",
                               "subjects":["plain"],"group":"long"}])")[0]
                .group,
            "long");
  EXPECT_THROW(parseCaseList("[]"), std::runtime_error);
  EXPECT_THROW(parseCaseList("{}"), std::runtime_error);
  EXPECT_THROW(parseCaseList(R"([{"case":"A1.X"}])"), std::runtime_error);
  EXPECT_THROW(parseCaseList("no json"), std::runtime_error);
}

}  // namespace
}  // namespace runner
