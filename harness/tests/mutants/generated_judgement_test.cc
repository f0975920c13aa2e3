// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/generated_judgement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runner/mutants/equivalents.h"
#include "runner/mutants/generated_report.h"
#include "runner/mutants/mutant_build.h"
#include "runner/mutants/mutant_source.h"
#include "tests/support/sample_results.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

CaseResult ended(Verdict verdict) {
  return samples::caseResult("A1.First", "ext4", "overlay", verdict);
}

class GeneratedJudgement : public testing::Test {
 protected:
  void add(const std::string& name, const std::optional<CaseResult>& kill) {
    GeneratedResult result{{name, "It forgets.", "fs/x.c", ""}};
    settle(result, kill, {{"gen-listed", "It is never reached."}});
    run_.results.push_back(result);
  }
  GeneratedRun run_;
};

TEST_F(GeneratedJudgement, SurvivorsFailUnlessTheyAreListed) {
  add("gen-one", ended(Verdict::fail));
  add("gen-listed", std::nullopt);
  EXPECT_EQ(judge(run_), ExitStatus::pass);
  add("gen-two", std::nullopt);
  EXPECT_EQ(judge(run_), ExitStatus::fail);
  EXPECT_THAT(generatedTable(run_, "/reports", Style()),
              AllOf(HasSubstr("gen-listed  equivalent\n    It forgets. It is never reached.\n"),
                    HasSubstr("gen-two  survived\n    It forgets.\n"),
                    HasSubstr("NOT PASSED: 3 mutants: 1 killed, 1 equivalent, 1 survived")));
  const auto json = nlohmann::json::parse(generatedJson(run_));
  EXPECT_EQ(json["exit_status"], 1);
  EXPECT_EQ(json["mutants"][0]["detail"], "A1.First/ext4/overlay");
}

TEST_F(GeneratedJudgement, AWrongListFails) {
  add("gen-listed", ended(Verdict::fail));
  EXPECT_EQ(judge(run_), ExitStatus::fail);
  run_.results.clear();
  EXPECT_EQ(judge(run_), ExitStatus::pass);
  run_.stale = {"gen-gone"};
  EXPECT_EQ(judge(run_), ExitStatus::fail);
  EXPECT_THAT(generatedTable(run_, "", Style()), HasSubstr("gen-gone  is listed as equivalent"));
}

TEST(Equivalents, AreOfOneTreeAndHaveReasons) {
  ScratchDirectory scratch;
  const auto read = [&](const std::string& text, const std::string& kernels = "mainline") {
    return readEquivalents(scratch.write("e.toml", text), kernels);
  };
  const std::string good = "[[mainline]]\nreason = \"Why.\"\nmutants = [\"gen-a\", \"gen-b\"]\n";
  EXPECT_THAT(read(good), ElementsAre(Pair("gen-a", "Why."), Pair("gen-b", "Why.")));
  EXPECT_TRUE(read(good, "6.1.y").empty());
  for (const std::string wrong :
       {"[[mainline]]\nmutants = [\"gen-a\"]\n", "[[mainline]]\nreason = \"Why.\"\n",
        "[[mainline]]\nreason = \"\"\nmutants = []\n", "[mainline\n"}) {
    EXPECT_THROW(read(wrong), Failure) << wrong;
  }
  EXPECT_THROW(read(good + good), Failure);
}

TEST(MutantBuilds, RunTheCommandsOfKbuild) {
  ScratchDirectory scratch;
  EXPECT_EQ(
      savedCommand(scratch.write("a.cmd", "savedcmd_fs/x.o := gcc -D'a=$(pound)' $$b\n\nx\n")),
      "gcc -D'a=#' $b");
  EXPECT_EQ(savedCommand(scratch.write("b.cmd", "cmd_fs/x.o := gcc\n")), "gcc");
  EXPECT_EQ(savedCommand(scratch / "none"), "");
}

TEST(MutantBuilds, TakeBackWhatAKilledRunLeft) {
  ScratchDirectory scratch;
  scratch.write("patched/fs/x.c", "right");
  scratch.write("patched/fs/y.c", "right");
  copyPatchedSource(scratch / "patched", scratch / "copy");
  std::filesystem::remove(scratch / "copy/fs/x.c");
  scratch.write("copy/fs/x.c", "wrong");
  copyPatchedSource(scratch / "patched", scratch / "copy");
  EXPECT_EQ(scratch.read("copy/fs/x.c"), "right");
  EXPECT_EQ(std::filesystem::hard_link_count(scratch / "copy/fs/x.c"), 1u);
  EXPECT_EQ(std::filesystem::hard_link_count(scratch / "copy/fs/y.c"), 2u);
}

}  // namespace
}  // namespace runner
