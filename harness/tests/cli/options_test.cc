// SPDX-License-Identifier: GPL-2.0
#include "runner/cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "runner/results/case_list.h"
#include "runner/results/filter.h"
#include "tests/support/parsed_options.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Options, RunWithoutOptionsIsTheMainJob) {
  const Options options = parsed({"run"});
  EXPECT_EQ(options.command, Options::Command::run);
  EXPECT_EQ(options.run.kernel.tree, "mainline");
  EXPECT_EQ(options.run.kernel.series, SeriesChoice::on);
  EXPECT_FALSE(options.run.kernel.machine);
  EXPECT_TRUE(options.run.filesystems.empty());
  EXPECT_FALSE(options.run.accelerator);
}

TEST(Options, RunTakesAllOfThem) {
  const Options options = parsed({"run", "--tree", "/src/linux", "--series=both", "--machine",
                                  "qemu", "--fs", "xfs,ext4,xfs", "--filter", "A2", "--jobs", "3",
                                  "--patches", "2", "--accel", "tcg", "--out", "/o"});
  EXPECT_EQ(options.run.kernel.tree, "/src/linux");
  EXPECT_EQ(options.run.kernel.series, SeriesChoice::both);
  EXPECT_EQ(options.run.kernel.machine, qemu::Kind::qemu);
  EXPECT_THAT(options.run.filesystems, ElementsAre("xfs", "ext4"));
  EXPECT_EQ(options.run.filter, "A2");
  EXPECT_EQ(options.run.jobs, 3u);
  EXPECT_EQ(options.run.kernel.patches, 2u);
  EXPECT_EQ(options.run.accelerator, qemu::Accelerator::tcg);
  EXPECT_EQ(options.run.out, "/o");
}

TEST(Options, RunTakesSeveralTreesAndAllFilesystems) {
  EXPECT_EQ(parsed({"run", "--tree", "6.1.y,5.10.y"}).run.kernel.tree, "6.1.y,5.10.y");
  EXPECT_TRUE(parsed({"run", "--tree", "all", "--fs", "all"}).run.filesystems.empty());
  EXPECT_EQ(parsed({"run", "--table", "a/b.txt"}).run.table, "a/b.txt");
  EXPECT_TRUE(parsed({"run"}).run.table.empty());
  EXPECT_THAT(refusal({"run", "--fs", "ext4,all"}), HasSubstr("--fs 'all'"));
}

TEST(Options, CostTakesOneFilesystem) {
  const Options plain = parsed({"cost"});
  EXPECT_EQ(plain.command, Options::Command::cost);
  EXPECT_THAT(plain.run.filesystems, ElementsAre("ext4"));
  EXPECT_FALSE(plain.markdown);
  const Options options = parsed(
      {"cost", "--tree", "6.1.y", "--with", "b-volatile-failstop", "--fs", "xfs", "--markdown"});
  EXPECT_EQ(options.run.kernel.tree, "6.1.y");
  EXPECT_THAT(options.run.kernel.with, ElementsAre("b-volatile-failstop"));
  EXPECT_THAT(options.run.filesystems, ElementsAre("xfs"));
  EXPECT_TRUE(options.markdown);
  EXPECT_THAT(refusal({"cost", "--fs", "ext4,xfs"}),
              AllOf(HasSubstr("`cost`"), HasSubstr("one filesystem")));
  EXPECT_THAT(refusal({"cost", "--machine", "uml"}), HasSubstr("`cost` has no option --machine"));
}

TEST(Options, OtherCommandsTakeOneTree) {
  for (const char* command : {"build", "shell", "mutants", "cost"}) {
    for (const char* trees : {"all", "mainline,6.1.y"}) {
      EXPECT_THAT(refusal({command, "--tree", trees}),
                  AllOf(HasSubstr(command), HasSubstr("takes one tree; only `run`")));
    }
  }
  EXPECT_THAT(refusal({"mutants", "--fs", "all"}), HasSubstr("--fs 'all'"));
  EXPECT_THAT(refusal({"shell", "--fs", "all"}), HasSubstr("--fs 'all'"));
  EXPECT_THAT(refusal({"build", "--table", "x"}), HasSubstr("`build` has no option --table"));
}

TEST(Options, AShellIsOneMachineWithOneDisk) {
  const Options plain = parsed({"shell"});
  EXPECT_EQ(plain.command, Options::Command::shell);
  EXPECT_THAT(plain.run.filesystems, ElementsAre("ext4"));
  EXPECT_EQ(plain.run.kernel.series, SeriesChoice::on);
  EXPECT_FALSE(plain.is_volatile);
  EXPECT_EQ(plain.run.disk, "");
  const Options all = parsed({"shell", "--tree", "x/y", "--series", "off", "--machine", "qemu",
                              "--fs", "btrfs", "--volatile", "--accel", "tcg", "--disk", "mine"});
  EXPECT_THAT(all.run.filesystems, ElementsAre("btrfs"));
  EXPECT_EQ(all.run.disk, "mine");
  EXPECT_EQ(all.run.kernel.series, SeriesChoice::off);
  EXPECT_EQ(all.run.kernel.machine, qemu::Kind::qemu);
  EXPECT_EQ(all.run.accelerator, qemu::Accelerator::tcg);
  EXPECT_TRUE(all.is_volatile);
  EXPECT_THAT(refusal({"shell", "--series", "both"}), HasSubstr("one kernel"));
  EXPECT_THAT(refusal({"shell", "--fs", "ext4,xfs"}), HasSubstr("one filesystem"));
  EXPECT_THAT(refusal({"shell", "--fs", "zfs"}), HasSubstr("ext4, xfs, btrfs"));
  EXPECT_THAT(refusal({"shell", "--filter", "A2"}), HasSubstr("`shell` has no option --filter"));
  EXPECT_THAT(refusal({"run", "--disk", "x"}), HasSubstr("`run` has no option --disk"));
}

TEST(Options, OtherCommands) {
  EXPECT_EQ(parsed({"build", "--series", "off"}).run.kernel.series, SeriesChoice::off);
  EXPECT_THAT(parsed({"run"}).run.kernel.with, ElementsAre());
  EXPECT_THAT(parsed({"run", "--with", "b-c,a"}).run.kernel.with, ElementsAre("b-c", "a"));
  EXPECT_TRUE(parsed({"list", "--json"}).json);
  EXPECT_EQ(parsed({"doctor"}).command, Options::Command::doctor);
  EXPECT_THAT(parsed({"test", "--quick", "x"}).arguments, ElementsAre("--quick", "x"));
  EXPECT_EQ(parsed({"--version"}).command, Options::Command::version);
}

TEST(Options, MutantsTakesWhatARunTakesButForTheSeries) {
  const Options options = parsed({"mutants", "--filter", "a8-*", "--fs", "xfs", "--machine", "qemu",
                                  "--jobs", "2", "--out", "/o", "--markdown"});
  EXPECT_EQ(options.command, Options::Command::mutants);
  EXPECT_EQ(options.run.filter, "a8-*");
  EXPECT_THAT(options.run.filesystems, ElementsAre("xfs"));
  EXPECT_EQ(options.mutants, MutantsOutput::markdown);
  EXPECT_EQ(parsed({"mutants", "--list"}).mutants, MutantsOutput::list);
  EXPECT_EQ(parsed({"mutants", "--json"}).mutants, MutantsOutput::json);
  EXPECT_EQ(parsed({"mutants"}).mutants, MutantsOutput::table);
  EXPECT_THAT(refusal({"mutants", "--series", "off"}), HasSubstr("`mutants` has no option"));
}

TEST(Options, DebugIsForEveryCommandThatBuilds) {
  EXPECT_TRUE(parsed({"run", "--debug"}).run.kernel.debug);
  EXPECT_TRUE(parsed({"build", "--debug"}).run.kernel.debug);
  EXPECT_TRUE(parsed({"mutants", "--debug"}).run.kernel.debug);
  EXPECT_FALSE(parsed({"run"}).run.kernel.debug);
}

TEST(Options, HelpIsTextAndComesWithoutACommandToo) {
  for (const auto& words : {std::vector<const char*>{}, {"--help"}, {"-h"}}) {
    const Options options = parsed(words);
    EXPECT_EQ(options.command, Options::Command::text);
    EXPECT_THAT(options.text, AllOf(HasSubstr("doctor"), HasSubstr("Exit status")));
  }
  EXPECT_THAT(parsed({"run", "--help"}).text, AllOf(HasSubstr("--filter"), HasSubstr("Examples")));
}

TEST(Options, AMistakeIsNamedWithWhatIsPossible) {
  EXPECT_THAT(refusal({"rum"}), AllOf(HasSubstr("'rum'"), HasSubstr("Did you mean 'run'")));
  EXPECT_THAT(refusal({"run", "--filtre", "A2"}),
              AllOf(HasSubstr("--filtre"), HasSubstr("Did you mean '--filter'")));
  EXPECT_THAT(refusal({"run", "A2"}), HasSubstr("no word 'A2'"));
  EXPECT_THAT(refusal({"run", "--fs", "ext4,zfs"}),
              AllOf(HasSubstr("'zfs'"), HasSubstr("ext4, xfs, btrfs")));
  EXPECT_THAT(refusal({"run", "--fs", "ext4,"}), HasSubstr("--fs ''"));
  EXPECT_THAT(refusal({"run", "--series", "yes"}), HasSubstr("on, off, both"));
  EXPECT_EQ(parsed({"run", "--machine", "vng"}).run.kernel.machine, qemu::Kind::vng);
  EXPECT_THAT(refusal({"build", "--machine", "vng"}), HasSubstr("is for `run`, not for `build`"));
  EXPECT_THAT(refusal({"run", "--machine", "qemuu"}), HasSubstr("Did you mean 'qemu'"));
  EXPECT_THAT(refusal({"run", "--accel", "hvf"}), HasSubstr("auto, kvm, tcg"));
  EXPECT_THAT(refusal({"run", "--filter"}), HasSubstr("--filter"));
  EXPECT_THAT(refusal({"build", "--fs", "ext4"}), HasSubstr("`build` has no option --fs"));
  EXPECT_THAT(refusal({"--verbose"}), HasSubstr("--verbose"));
  EXPECT_THAT(refusal({"list", "--jason"}), HasSubstr("Did you mean '--json'"));
}

TEST(Options, JobsIsANumber) {
  for (const char* text : {"0", "-1", "two", "1000", "2x"}) {
    EXPECT_THAT(refusal({"run", "--jobs", text}), HasSubstr("1 to 999")) << text;
    EXPECT_THAT(refusal({"run", "--patches", text}), HasSubstr("1 to 999")) << text;
  }
}

TEST(Options, GroupAndDisarmedAreOfRun) {
  EXPECT_EQ(parsed({"run"}).run.group, "quick");
  EXPECT_FALSE(parsed({"run"}).run.disarmed);
  EXPECT_EQ(parsed({"run", "--group", "long"}).run.group, "long");
  EXPECT_TRUE(parsed({"run", "--group", "long"}).run.kernel.smp);
  EXPECT_FALSE(parsed({"run", "--group", "quick"}).run.kernel.smp);
  EXPECT_TRUE(parsed({"run", "--disarmed"}).run.disarmed);
  EXPECT_THAT(refusal({"run", "--group", "slow"}), HasSubstr("quick, long, all"));
}

TEST(Filter, PlainWordsBecomePatterns) {
  EXPECT_THAT(parseFilter("A2"), ElementsAre("A2.*"));
  EXPECT_THAT(parseFilter("plain"), ElementsAre("*plain*"));
  EXPECT_THAT(parseFilter("A2.X/ext4/plain"), ElementsAre("A2.X/ext4/plain"));
  EXPECT_THAT(parseFilter("A*/overlay:V3"), ElementsAre("A*/overlay", "V3.*"));
  EXPECT_TRUE(parseFilter("").empty());
}

TEST(Filter, ARequirementIsNotThePrefixOfAnother) {
  EXPECT_TRUE(matchesFilter(parseFilter("A1"), "A1.X/ext4/plain"));
  EXPECT_FALSE(matchesFilter(parseFilter("A1"), "A10.X/ext4/plain"));
  EXPECT_TRUE(matchesFilter(parseFilter("V3:A10"), "A10.X/ext4/plain"));
  EXPECT_TRUE(matchesFilter({}, "A10.X/ext4/plain"));
}

TEST(Filter, WhatWouldNotSurviveAKernelCommandLineIsRefused) {
  for (const char* text : {"A2 ", "A2\"", "$(x)", "A2\n"}) {
    EXPECT_THROW(parseFilter(text), Failure) << text;
  }
  EXPECT_THROW(parseFilter(std::string(1025, 'x')), Failure);
}

TEST(Plan, KeepsToItsGroup) {
  std::vector<ListedCase> cases = {{"A1.Quick", "A1", "words", {"plain"}},
                                   {"A1.Long", "A1", "words", {"plain", "overlay"}, "long"}};
  EXPECT_EQ(planCases(cases, "xfs", {}).size(), 1u);
  EXPECT_EQ(planCases(cases, "xfs", {}, "long").size(), 2u);
  EXPECT_EQ(planCases(cases, "xfs", {}, "all").size(), 3u);
  EXPECT_TRUE(planCases(cases, "xfs", {"*Long*"}).empty());
}

TEST(Plan, FollowsTheFilterAndTheGuestsOrder) {
  const std::vector<ListedCase> cases = {{"V1.Y", "V1", "", {"volatile"}},
                                         {"A1.X", "A1", "", {"plain", "overlay"}}};
  const auto all = planCases(cases, "xfs", {});
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].fullName(), "V1.Y/xfs/volatile");
  EXPECT_EQ(all[2].fullName(), "A1.X/xfs/overlay");
  EXPECT_EQ(planCases(cases, "xfs", {"*/overlay"}).size(), 1u);
  EXPECT_TRUE(planCases(cases, "xfs", {"*/ext4/*"}).empty());
}

}  // namespace
}  // namespace runner
