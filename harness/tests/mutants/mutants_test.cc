// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runner/base/failure.h"
#include "runner/mutants/judgement.h"
#include "runner/mutants/mutant.h"
#include "runner/mutants/report.h"
#include "tests/support/sample_results.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kDiff = "\n--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -1 +1 @@\n-right\n+wrong\n";

class MutantFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& headers, const std::string& diff = kDiff) {
    scratch_.write("mutants/" + name + ".patch", headers + diff);
  }
  std::vector<Mutant> read() { return readMutants(scratch_ / "mutants", tree_); }
  std::string complaint() {
    try {
      read();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage);
      return failure.what();
    }
    return "no failure";
  }
  ScratchDirectory scratch_;
  Tree tree_ = [] {
    Tree tree;
    tree.name = "6.12.y";
    tree.version = "6.12";
    tree.left_out = {"C1", "C2"};
    return tree;
  }();
};

TEST_F(MutantFiles, HaveHeaders) {
  write("a18-not-pinned",
        "Requirement: A18, A4\nMistake: It forgets.\nNeeds: debug\nKill: splat, panic\n"
        "Filesystems: xfs, ext4\n");
  const auto mutants = read();
  ASSERT_EQ(mutants.size(), 1u);
  EXPECT_EQ(mutants[0].name, "a18-not-pinned");
  EXPECT_THAT(mutants[0].requirements, ElementsAre("A18", "A4"));
  EXPECT_EQ(mutants[0].mistake, "It forgets.");
  EXPECT_TRUE(mutants[0].needs_debug);
  EXPECT_THAT(mutants[0].kills, ElementsAre(Verdict::splat, Verdict::panic));
  EXPECT_THAT(mutants[0].filesystems, ElementsAre("xfs", "ext4"));
}

TEST_F(MutantFiles, AreInTheOrderOfTheRequirements) {
  for (const char* name : {"v1", "a10", "a2", "a1-b", "a1-a"}) {
    std::string id = std::string(name).substr(0, std::string(name).find('-'));
    id[0] = static_cast<char>(std::toupper(id[0]));
    write(name, "Requirement: " + id + "\nMistake: It forgets.\n");
  }
  std::vector<std::string> names;
  for (const Mutant& mutant : read()) names.push_back(mutant.name);
  EXPECT_THAT(names, ElementsAre("a1-a", "a1-b", "a2", "a10", "v1"));
}

TEST_F(MutantFiles, ThatAreWrongAreNamed) {
  EXPECT_THAT(complaint(), HasSubstr("there are no mutants in"));
  const std::string good = "Requirement: A8\nMistake: It forgets.\n";
  write("m", "Mistake: It forgets.\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("m.patch"), HasSubstr("'Requirement:' is missing")));
  write("m", "Requirement: A8\n");
  EXPECT_THAT(complaint(), HasSubstr("'Mistake:' is missing"));
  write("m", good + "Kills: splat\n");
  EXPECT_THAT(complaint(), HasSubstr("unknown header 'Kills'"));
  write("m", good + "Kill: fail\n");
  EXPECT_THAT(complaint(), HasSubstr("'fail' is not a verdict of a machine"));
  write("m", good + "Needs: time\n");
  EXPECT_THAT(complaint(), HasSubstr("'debug'"));
  write("m", good + "Filesystems: zfs\n");
  EXPECT_THAT(complaint(), HasSubstr("unknown filesystem 'zfs'"));
  write("m", "Requirement: A0\nMistake: It forgets.\n");
  EXPECT_THAT(complaint(), HasSubstr("unknown requirement 'A0'"));
  write("m", "Requirement: A\nMistake: It forgets.\n");
  EXPECT_THAT(complaint(), HasSubstr("unknown requirement 'A'"));
  write("m", good + "Releases: 6.x-\n");
  EXPECT_THAT(complaint(), HasSubstr("'6.x' is not a release"));
  write("m", good + "It forgets.\n");
  EXPECT_THAT(complaint(), HasSubstr("'It forgets.' is not a header"));
  write("m", good, "");
  EXPECT_THAT(complaint(), HasSubstr("it contains no diff"));
}

TEST_F(MutantFiles, AreChosenByPatternRequirementOrPart) {
  write("a1-first", "Requirement: A1\nMistake: It forgets.\n");
  write("a10-mount", "Requirement: A10, V1\nMistake: It forgets.\n");
  const auto all = read();
  const auto chosen = [&](std::string_view filter) {
    std::string names;
    for (const Mutant& mutant : chosenMutants(all, filter)) names += mutant.name + ' ';
    return names;
  };
  EXPECT_EQ(chosen(""), "a1-first a10-mount ");
  EXPECT_EQ(chosen("A1"), "a1-first ");
  EXPECT_EQ(chosen("V1"), "a10-mount ");
  EXPECT_EQ(chosen("a1-*:mount"), "a1-first a10-mount ");
  EXPECT_THROW(chosen("A9"), Failure);
}

TEST_F(MutantFiles, AreForASeriesThatIsApplied) {
  write("b6-x", "Requirement: B6\nMistake: It forgets.\nSeries: b-opt-in\n");
  EXPECT_EQ(read().front().misfit, "it is for b-opt-in, which is not applied");
  tree_.series = {"patches/mainline/a-syncfs", "patches/mainline/b-opt-in"};
  EXPECT_EQ(read().front().misfit, "");
}

TEST_F(MutantFiles, OfOneNameAreForDifferentReleases) {
  const std::string headers = "Requirement: A1\nMistake: It forgets.\nReleases: ";
  write("a1-x", headers + "6.13-\n");
  EXPECT_EQ(read().front().misfit, "it is only for releases 6.13-");
  write("a1-x@6.12", headers + "6.2-6.12\n");
  write("a1-x@6.1", headers + "-6.1\n");
  ASSERT_EQ(read().size(), 1u);
  EXPECT_EQ(read().front().name, "a1-x");
  EXPECT_EQ(read().front().misfit, "");
  EXPECT_EQ(read().front().patch.filename(), "a1-x@6.12.patch");
  tree_.version = "5.10";
  EXPECT_EQ(read().front().patch.filename(), "a1-x@6.1.patch");
  tree_.version = "7.3";
  EXPECT_EQ(read().front().patch.filename(), "a1-x.patch");
  write("a1-x@7.3", headers + "7.2-\n");
  EXPECT_THAT(complaint(), HasSubstr("is also for 7.3"));
}

TEST_F(MutantFiles, AreNotOfATreeWithoutTheirSeries) {
  write("c1-x", "Requirement: C1, A1\nMistake: It forgets.\n");
  EXPECT_EQ(read().front().misfit, "C1 belongs to a series that 6.12.y does not have");
  write("c1-x", "Requirement: A1, C1\nMistake: It forgets.\n");
  EXPECT_EQ(read().front().misfit, "");
}

TEST(Releases, AreRangesWithBothEnds) {
  EXPECT_TRUE(isInReleases("5.11-6.12", "5.11"));
  EXPECT_TRUE(isInReleases("5.11-6.12", "6.12"));
  EXPECT_FALSE(isInReleases("5.11-6.12", "5.10"));
  EXPECT_FALSE(isInReleases("5.11-6.2", "6.12")) << "no decimal fraction";
  EXPECT_TRUE(isInReleases("-6.1", "5.10"));
  EXPECT_FALSE(isInReleases("-6.1", "6.2"));
  EXPECT_TRUE(isInReleases("6.13-", "7.0"));
  EXPECT_TRUE(isInReleases("6.12-6.12", "6.12"));
  for (const char* wrong : {"", "-", "6.12", "6.12.3-", "6-", "6.1-x"}) {
    EXPECT_THROW(isInReleases(wrong, "6.1"), std::invalid_argument) << wrong;
  }
}

class JudgementTest : public testing::Test {
 protected:
  JudgementTest() {
    mutant_.name = "a2-forgets";
    mutant_.requirements = {"A2"};
    mutant_.mistake = "It forgets.";
    machine_ = samples::machine("ext4");
    add("A1.First", Verdict::pass);
    add("A2.Second", Verdict::pass);
  }
  void add(const std::string& name, Verdict verdict) {
    machine_.cases.push_back(samples::caseResult(name, "ext4", "overlay", verdict));
  }
  void set(std::size_t index, Verdict verdict) { machine_.cases[index].verdict = verdict; }
  MutantResult judged() { return judgeMutant(mutant_, {machine_}); }
  MutantResult notBuilt(const std::string& why) { return {mutant_, Fate::not_built, why}; }

  Mutant mutant_;
  MachineResult machine_;
};

TEST_F(JudgementTest, ACaseOfItsRequirementKills) {
  set(1, Verdict::fail);
  const MutantResult result = judged();
  EXPECT_EQ(result.fate, Fate::killed);
  EXPECT_EQ(inWords(result), "killed by A2.Second/overlay");
  EXPECT_EQ(judge({result}), ExitStatus::pass);
}

TEST_F(JudgementTest, TheOthersAreCounted) {
  set(0, Verdict::fail);
  set(1, Verdict::fail);
  EXPECT_EQ(inWords(judged()), "killed by A2.Second/overlay and 1 more");
}

TEST_F(JudgementTest, OtherCasesAloneAreNoKill) {
  set(0, Verdict::fail);
  const MutantResult result = judged();
  EXPECT_EQ(result.fate, Fate::killed_by_others);
  EXPECT_EQ(inWords(result), "killed by others only: A1.First/overlay");
  EXPECT_EQ(judge({result}), ExitStatus::fail);
}

TEST_F(JudgementTest, PassesAndSkipsLetItSurvive) {
  EXPECT_EQ(inWords(judged()), "SURVIVED");
  set(1, Verdict::skip);
  const MutantResult result = judged();
  EXPECT_EQ(inWords(result), "SURVIVED, as no case failed: no case of A2 was run");
  EXPECT_EQ(judge({result}), ExitStatus::fail);
}

TEST_F(JudgementTest, AnErrorOfTheSuiteIsNoKill) {
  set(1, Verdict::error);
  EXPECT_EQ(inWords(judged()), "SURVIVED, as no case failed: error in A2");
}

TEST_F(JudgementTest, AVerdictOfTheMachineKillsOnlyIfForeseen) {
  set(0, Verdict::splat);
  EXPECT_EQ(inWords(judged()), "SURVIVED, as no case failed: splat in A1");
  mutant_.kills = {Verdict::splat};
  EXPECT_EQ(inWords(judged()), "killed by a splat in A1.First/overlay");
  set(0, Verdict::pass);
  machine_.verdict = Verdict::splat;
  EXPECT_EQ(inWords(judged()), "killed by a splat");
  machine_.verdict = Verdict::panic;
  EXPECT_EQ(inWords(judged()), "SURVIVED, as no case failed: the machine: panic");
}

TEST_F(JudgementTest, CasesThatWereNotReachedSayNothing) {
  mutant_.kills = {Verdict::timeout};
  set(0, Verdict::timeout);
  set(1, Verdict::timeout);
  machine_.cases[1].reached = false;
  const MutantResult result = judged();
  EXPECT_EQ(result.own.size(), 1u);
}

TEST_F(JudgementTest, IsUndetectableIfEachCaseIsSkipped) {
  EXPECT_EQ(whyUndetectable({"A2"}, {machine_}), "");
  set(1, Verdict::skip);
  machine_.cases[1].reason = "no such mounts";
  EXPECT_EQ(whyUndetectable({"A2"}, {machine_}), "every case of A2 is skipped: no such mounts");
  EXPECT_EQ(whyUndetectable({"A2", "A1"}, {machine_}), "");
  // Without any case, the mutant must survive and be noticed.
  EXPECT_EQ(whyUndetectable({"A3"}, {machine_}), "");
}

TEST_F(JudgementTest, WithoutAKernelThereIsNoVerdict) {
  const MutantResult unbuilt = notBuilt("it does not apply\nHunk #1 FAILED");
  EXPECT_EQ(inWords(unbuilt), "NOT BUILT: it does not apply");
  EXPECT_EQ(inWords(notBuilt("it does not build:\n  a.c:2: error: x\n  y\nThe log: z")),
            "NOT BUILT: it does not build: a.c:2: error: x");
  EXPECT_EQ(judge({unbuilt}), ExitStatus::build);
  EXPECT_EQ(judge({{mutant_, Fate::not_run, "why"}}), ExitStatus::pass);
}

TEST_F(JudgementTest, ReportsHaveEveryMutant) {
  set(1, Verdict::fail);
  machine_.cases[1].failures = {"got success"};
  MutantRun run;
  run.kernel = samples::kernel();
  run.machine = "User-Mode Linux";
  run.results = {judged(), notBuilt("a | b")};
  const std::string table = mutantTable(run, "/reports", Style());
  EXPECT_THAT(table, AllOf(HasSubstr("a2-forgets  killed by A2.Second/overlay"),
                           HasSubstr("NOT PASSED: 2 mutants: 1 killed, 1 not built")));
  run.kernel.lane = "debug";
  EXPECT_THAT(mutantTable(run, "/reports", Style()),
              HasSubstr("a-syncfs (3 patches), debug, in User-Mode Linux\n"));
  EXPECT_THAT(mutantMarkdown(run),
              AllOf(HasSubstr("| a2-forgets | A2 | It forgets. | killed by A2.Second/overlay |\n"),
                    HasSubstr("a \\| b |\n")));
  const auto json = nlohmann::json::parse(mutantJson(run));
  EXPECT_EQ(json["exit_status"], 8);
  EXPECT_EQ(json["mutants"][0]["killed_by"][0]["case"], "A2.Second");
  EXPECT_EQ(json["mutants"][0]["killed_by"][0]["failures"][0], "got success");
  EXPECT_EQ(json["mutants"][1]["fate"], "not built");
  run.results.pop_back();
  EXPECT_THAT(mutantTable(run, "/reports", Style()), HasSubstr("\nPASS: 1 mutant: 1 killed\n"));
}

TEST(ProjectMutants, AreGood) {
  std::vector<Mutant> mutants;
  for (const Tree& tree : loadTrees(PROJECT_ROOT).all) {
    const auto of_tree = readMutants(PROJECT_ROOT "/harness/mutants", tree);
    EXPECT_GE(of_tree.size(), 116u);
    mutants.insert(mutants.end(), of_tree.begin(), of_tree.end());
  }
  for (const Mutant& mutant : mutants) {
    // The name begins with the requirement.
    std::string id = mutant.requirements.front();
    id[0] = static_cast<char>(std::tolower(id[0]));
    EXPECT_TRUE(mutant.name.starts_with(id + '-')) << mutant.name;
    EXPECT_THAT(mutant.mistake, testing::EndsWith(".")) << mutant.name;
  }
}

}  // namespace
}  // namespace runner
