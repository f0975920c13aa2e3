// SPDX-License-Identifier: GPL-2.0-only
// The trees that a run names, and the machines that it plans for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "runner/kernels/trees.h"
#include "runner/run/run_plan.h"
#include "sys/child_process.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Trees sampleTrees() {
  Trees trees;
  for (const char* name : {"mainline", "6.1.y", "5.10.y", "debian-12"}) {
    Tree tree;
    tree.name = name;
    if (tree.name == "debian-12") tree.package = "linux-source-6.1";
    trees.all.push_back(tree);
  }
  trees.default_name = "mainline";
  return trees;
}

std::vector<std::string> titles(const std::string& text) {
  std::vector<std::string> titles;
  for (const NamedTree& tree : chooseTrees(text, sampleTrees())) titles.push_back(tree.title);
  return titles;
}

std::string refusal(const std::string& text) {
  try {
    chooseTrees(text, sampleTrees());
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    return failure.what();
  }
  return "no failure";
}

TEST(TreeList, IsOneNameOrSeveralOrAll) {
  EXPECT_THAT(titles("6.1.y"), ElementsAre("6.1.y"));
  EXPECT_THAT(titles("6.1.y,5.10.y"), ElementsAre("6.1.y", "5.10.y"));
  EXPECT_THAT(titles("all"), ElementsAre("mainline", "6.1.y", "5.10.y"));
  EXPECT_THAT(titles("debian-12,all"), ElementsAre("debian-12", "mainline", "6.1.y", "5.10.y"));
  EXPECT_THAT(titles("6.1.y,mainline,6.1.y"), ElementsAre("6.1.y", "mainline"));
}

TEST(TreeList, RefusesAnUnknownName) {
  EXPECT_THAT(refusal("mainline,6.2.y"),
              AllOf(HasSubstr("no tree \"6.2.y\""), HasSubstr("Did you mean '6.1.y'"),
                    HasSubstr("mainline, 6.1.y, 5.10.y")));
  EXPECT_THAT(refusal("mainline,"), HasSubstr("--tree 'mainline,'"));
}

TEST(TreeList, PathsHaveTheTitlesOfTheirFiles) {
  EXPECT_THAT(titles("/one/linux,/two/linux,/two/../one/linux,mainline"),
              ElementsAre("linux", "linux-2", "mainline"));
  EXPECT_THAT(titles("/src/linux/,mainline"), ElementsAre("linux", "mainline"));
  EXPECT_THAT(titles("/one/mainline,mainline"), ElementsAre("mainline-2", "mainline"));
  EXPECT_THAT(titles("/one/matrix.txt,mainline"), ElementsAre("matrix.txt-2", "mainline"))
      << "a report of all trees has that name";
  EXPECT_TRUE(chooseTrees("/one/linux,mainline", sampleTrees()).front().own);
  EXPECT_FALSE(chooseTrees("/one/linux,mainline", sampleTrees()).back().own);
}

TEST(TreeList, APathThatExistsIsOneTreeWhateverIsInIt) {
  const ScratchDirectory scratch;
  const std::string odd = scratch.write("with,comma", "").string();
  EXPECT_FALSE(namesSeveralTrees(odd));
  EXPECT_EQ(chooseTrees(odd, sampleTrees()).front().name, odd);
}

// Looks like a kernel for User-Mode Linux as long as nobody starts it.
std::filesystem::path makeImage(const ScratchDirectory& scratch, const std::string& name) {
  const auto source =
      scratch.write("main.c",
                    "const char *banner = \"Linux version 7.3.4 (x) User Mode Linux v\";\n"
                    "int main(void) { return 0; }\n");
  EXPECT_TRUE(
      sys::runCommand({{"gcc", "-o", (scratch / name).string(), source.string()}}).exit.ok());
  return scratch / name;
}

// Two of the user's own images, and a source directory that does not build.
class RunPlanTest : public testing::Test {
 protected:
  RunPlanTest() {
    scratch_.write("src/Makefile", "%:\n\t@echo \"a.c:1:1: error: no\" >&2; exit 2\n");
    for (const char* file : {"Kconfig", "arch/x86/Kconfig", "fs/overlayfs/super.c"}) {
      scratch_.write(std::string("src/") + file, "");
    }
    options_.jobs = 1;
  }

  std::vector<PreparedTree> prepared(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
    options_.kernel.tree = text;
    return prepareTrees(options_, chooseTrees(text, sampleTrees()), std::nullopt,
                        {PROJECT_ROOT, ""}, Cache(scratch_ / "cache"), terminal_);
  }

  const ScratchDirectory scratch_;
  const std::filesystem::path reports_ = scratch_ / "reports";
  Terminal terminal_;
  RunOptions options_;
};

TEST_F(RunPlanTest, ATreeThatDoesNotBuildDoesNotStopTheOthers) {
  const auto trees = prepared({(scratch_ / "src").string(), makeImage(scratch_, "linux").string()});
  ASSERT_EQ(trees.size(), 2u);
  ASSERT_TRUE(trees[0].failure);
  EXPECT_EQ(trees[0].failure->status, ExitStatus::build);
  EXPECT_THAT(trees[0].failure->what, HasSubstr("a.c:1:1: error: no"));
  EXPECT_EQ(trees[0].failure->command, "./ovl-syncfs run --tree " + (scratch_ / "src").string());
  EXPECT_FALSE(trees[1].failure);
  EXPECT_EQ(trees[1].kernels.size(), 1u);
  EXPECT_EQ(plansOf(trees, {{"ext4", {}, "", ""}}, reports_).size(), 1u);
}

TEST_F(RunPlanTest, ATreeLeavesOutWhatIsNotForIt) {
  auto trees = prepared({makeImage(scratch_, "linux").string()});
  PlannedCase a, c;
  a.requirement = "A1";
  c.requirement = "C1";
  const auto planned = [&](std::vector<PlannedCase> cases) {
    return plansOf(trees, {{"ext4", std::move(cases), "", ""}}, reports_).at(0);
  };
  EXPECT_EQ(planned({a, c}).cases.size(), 2u);
  trees[0].kernels[0].left_out = {"C1", "C2"};
  const MachinePlan plan = planned({a, c});
  ASSERT_EQ(plan.cases.size(), 1u);
  EXPECT_EQ(plan.cases[0].requirement, "A1");
  EXPECT_THAT(plan.boot.arguments, testing::IsSupersetOf({"--leave-out", "C1,C2"}));
  EXPECT_THAT(planned({c}).skip_reason, HasSubstr("none of the selected cases"));
  trees[0].options.filter = "C*";
  try {
    planned({c});
    ADD_FAILURE() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    EXPECT_THAT(failure.what(),
                AllOf(HasSubstr("'C*' matches only cases that"), HasSubstr("do not apply to")));
  }
}

TEST_F(RunPlanTest, AShardMayHaveNoSelectedCase) {
  const std::string image = makeImage(scratch_, "linux").string();
  options_.kernel.tree = image + ',' + makeImage(scratch_, "other").string();
  options_.filter = "C*";
  PlannedCase c;
  c.requirement = "C1";
  const std::vector<Target> targets = {{"ext4", {c}, "", ""}};
  const auto named = chooseTrees(options_.kernel.tree, sampleTrees());
  const ShardPlan shard({1, 2}, bootsOf(options_, named, targets));
  auto trees = prepareTrees(options_, named, shard, {PROJECT_ROOT, ""}, Cache(scratch_ / "cache"),
                            terminal_);
  ASSERT_EQ(trees.size(), 1u);
  trees[0].kernels[0].left_out = {"C1"};
  const auto plans = plansOf(trees, targets, reports_, shard);
  ASSERT_EQ(plans.size(), 1u);
  EXPECT_THAT(plans[0].skip_reason, HasSubstr("none of the selected cases"));
}

TEST_F(RunPlanTest, AShardBootsOnlyItsPart) {
  const std::string one = makeImage(scratch_, "one").string();
  const std::string two = makeImage(scratch_, "two").string();
  const std::vector<Target> targets = {{"ext4", {}, "", ""}, {"xfs", {}, "", ""}};
  const std::string text = one + ',' + two;
  options_.kernel.tree = text;
  const auto named = chooseTrees(text, sampleTrees());
  const ShardPlan shard({2, 4}, bootsOf(options_, named, targets));
  const auto trees = prepareTrees(options_, named, shard, {PROJECT_ROOT, ""},
                                  Cache(scratch_ / "cache"), terminal_);
  ASSERT_EQ(trees.size(), 1u);
  const auto plans = plansOf(trees, targets, reports_, shard);
  ASSERT_EQ(plans.size(), 1u);
  EXPECT_EQ(plans[0].result.filesystem, "xfs");
}

TEST_F(RunPlanTest, TheFailureOfASingleTreeIsThrown) {
  EXPECT_THROW(prepared({(scratch_ / "src").string()}), Failure);
}

TEST_F(RunPlanTest, WrongUsageStopsAllTreesBeforeOneIsBuilt) {
  const std::string image = makeImage(scratch_, "linux").string();
  const auto refused = [&](const std::string& tree) {
    try {
      prepared({(scratch_ / "src").string(), tree});
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage);
      EXPECT_FALSE(std::filesystem::exists(scratch_ / "cache/build")) << "it was built";
      return std::string(failure.what());
    }
    return std::string("no failure");
  };
  EXPECT_THAT(refused("/no/such/kernel"), HasSubstr("/no/such/kernel"));
  options_.kernel.machine = qemu::Kind::qemu;
  EXPECT_THAT(refused(image), HasSubstr("User-Mode Linux"));
  options_.kernel.series = SeriesChoice::both;
  EXPECT_THAT(refused(image), HasSubstr("--series both"));
}

TEST_F(RunPlanTest, EachMachineKnowsItsTreeItsLogAndItsCommand) {
  const std::string one = makeImage(scratch_, "one").string();
  const std::string two = makeImage(scratch_, "two").string();
  const std::vector<Target> targets = {{"ext4", {}, "", ""}, {"xfs", {}, "", ""}};
  const auto plans = plansOf(prepared({one, two}), targets, reports_);
  ASSERT_EQ(plans.size(), 4u);
  EXPECT_EQ(plans[1].tree, "one");
  EXPECT_EQ(plans[1].result.filesystem, "xfs");
  EXPECT_EQ(plans[2].tree, "two");
  EXPECT_EQ(plans[2].boot.console_log, reports_ / "two/console-ext4-own.log");
  EXPECT_EQ(plans[2].result.command, "./ovl-syncfs run --tree " + two + " --machine uml");
  EXPECT_TRUE(std::filesystem::is_directory(reports_ / "two")) << "for the log";

  const auto alone = plansOf(prepared({one}), targets, reports_);
  EXPECT_EQ(alone[0].tree, "");
  EXPECT_EQ(alone[0].boot.console_log, reports_ / "console-ext4-own.log");
}

}  // namespace
}  // namespace runner
