// SPDX-License-Identifier: GPL-2.0-only
#include "runner/reports/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/sample_results.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(MatrixReports, EachTreeHasItsOwnBesideThoseOfAll) {
  const ScratchDirectory scratch;
  writeReports(samples::matrix(), scratch.path());
  EXPECT_THAT(scratch.read("matrix.txt"),
              AllOf(HasSubstr("ovl-syncfs v1, "), HasSubstr("NOT PASSED: 1 of 3 trees")));
  EXPECT_EQ(nlohmann::json::parse(scratch.read("matrix.json"))["trees"].size(), 3u);
  for (const char* tree : {"mainline", "6.1.y", "5.10.y"}) {
    for (const char* file : {"results.json", "results.ktap", "results.xml", "failures.txt"}) {
      EXPECT_TRUE(std::filesystem::exists(scratch / tree / file)) << tree << '/' << file;
    }
  }
  EXPECT_THAT(scratch.read("5.10.y/failures.txt"), HasSubstr("hunk 2 of 3 failed"));
}

TEST(Reports, OfAnEarlierRunAreRemoved) {
  const ScratchDirectory scratch;
  const auto remains = [&] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path())) {
      names.insert(entry.path().lexically_relative(scratch.path()).string());
    }
    return names;
  };
  Results matrix = samples::matrix();
  matrix.trees[1].machines[0].console_log = "/elsewhere/6.1.y/console-ext4-on.log";
  writeReports(matrix, scratch.path());
  scratch.write("6.1.y/console-ext4-on.log", "x");
  scratch.write("6.1.y/of the user's", "x");
  scratch.write("shard.json", "x");
  removeReports(scratch.path());
  EXPECT_THAT(remains(), ElementsAre("6.1.y", "6.1.y/of the user's", "shard.json"));
  Results run = samples::failedRun();
  run.trees[0].machines[0].console_log = "/elsewhere/console-ext4-on.log";
  writeReports(run, scratch.path());
  scratch.write("console-ext4-on.log", "x");
  scratch.write("console-mine.log", "x");
  removeReports(scratch.path());
  EXPECT_THAT(remains(),
              ElementsAre("6.1.y", "6.1.y/of the user's", "console-mine.log", "shard.json"));
}

TEST(Reports, WhatIsNotOursIsNotRemoved) {
  const ScratchDirectory scratch;
  for (const char* text : {"", "[]", R"({"machines": []})", R"({"format": 1})"}) {
    scratch.write("results.json", text);
    scratch.write("results.xml", "x");
    removeReports(scratch.path());
    EXPECT_TRUE(std::filesystem::exists(scratch / "results.xml")) << text;
  }
  const std::string ours = R"({"format": 1, "machines": []})";
  for (const char* file : {"results.json", "elsewhere/results.json"}) scratch.write(file, ours);
  for (const char* trees : {R"([{"tree": "../elsewhere"}])", R"([{"tree": ".."}])",
                            R"([{"tree": ""}])", R"([{"tree": 7}])", "[7]", "7"}) {
    scratch.write("here/matrix.json", std::string(R"({"format": 1, "trees": )") + trees + '}');
    removeReports(scratch / "here");
    for (const char* file : {"results.json", "elsewhere/results.json"}) {
      EXPECT_EQ(scratch.read(file), ours) << trees;
    }
  }
}

}  // namespace
}  // namespace runner
