// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/case_list.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "filesystems/registry.h"

namespace runner {
namespace {

TEST(CaseListJson, HasCasesRequirementsSubjectsFilesystemsAndTrees) {
  const std::vector<ListedCase> cases = {{"A1.X", "A1", "words", {"plain", "overlay"}},
                                         {"V1.Y", "V1", "more words", {"volatile"}}};
  Trees trees;
  trees.series = {{"a-syncfs", {"A1"}, {"V1"}}, {"c-volatile-reuse", {"C1"}, {}}};
  trees.all.resize(2);
  trees.all[0].name = "mainline";
  trees.all[0].series = {"patches/mainline/a-syncfs", "patches/mainline/c-volatile-reuse"};
  trees.all[1].name = "7.2";
  trees.all[1].series = {"patches/7.2/../mainline/a-syncfs"};
  const auto object =
      nlohmann::json::parse(caseListJson(cases, trees, {{"xfs", {"env", "LC_ALL=C", "mkfs.xfs"}}}));
  EXPECT_EQ(object["cases"].size(), 2u);
  EXPECT_EQ(object["requirements"]["A1"], "words");
  EXPECT_EQ(object["subjects"], (std::vector<std::string>{"plain", "overlay", "volatile"}));
  EXPECT_EQ(object["filesystems"], filesystems::names());
  EXPECT_EQ(object["mkfs"]["xfs"], (std::vector<std::string>{"env", "LC_ALL=C", "mkfs.xfs"}));
  const auto& quirk = object["quirks"][0];
  EXPECT_EQ(quirk["filesystem"], "ext4");
  EXPECT_EQ(quirk["id"], "other-errno");
  EXPECT_EQ(quirk["config"], "");
  EXPECT_EQ(quirk["skips"][0], "A14.*");
  EXPECT_TRUE(object["quirks"].back()["filesystem"].is_null());
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
