// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "filesystems/registry.h"
#include "runner/base/failure.h"
#include "runner/cli/commands.h"
#include "runner/cost/command.h"
#include "runner/mutants/command.h"
#include "runner/run/command.h"
#include "runner/shell/command.h"
#include "sys/child_process.h"
#include "tests/support/parsed_options.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(std::vector<const char*> words) {
  return refusal(commandLine(), std::move(words));
}

RunOptions run(std::vector<const char*> words) {
  return parsed(runCommand(), std::move(words));
}

TEST(Options, RunWithoutOptionsIsTheMainJob) {
  const RunOptions options = run({});
  EXPECT_EQ(options.kernel.tree, "mainline");
  EXPECT_EQ(options.kernel.series, SeriesChoice::on);
  EXPECT_FALSE(options.kernel.machine);
  EXPECT_TRUE(options.filesystems.empty());
  EXPECT_FALSE(options.accelerator);
}

TEST(Options, RunTakesAllOfThem) {
  const RunOptions options =
      run({"--tree", "/src/linux", "--series=both", "--machine", "qemu", "--fs", "xfs,ext4,xfs",
           "--filter", "A2", "--jobs", "3", "--patches", "2", "--apply", "6.1.y", "--accel", "tcg",
           "--out", "/o"});
  EXPECT_EQ(options.kernel.tree, "/src/linux");
  EXPECT_EQ(options.kernel.series, SeriesChoice::both);
  EXPECT_EQ(options.kernel.machine, qemu::Kind::qemu);
  EXPECT_THAT(options.filesystems, ElementsAre("xfs", "ext4"));
  EXPECT_EQ(options.filter, "A2");
  EXPECT_EQ(options.jobs, 3u);
  EXPECT_EQ(options.kernel.patches, 2u);
  EXPECT_EQ(options.kernel.apply, "6.1.y");
  EXPECT_EQ(run({}).kernel.apply, "");
  EXPECT_THAT(refusal({"run", "--apply", ""}), HasSubstr("names no tree"));
  EXPECT_EQ(options.accelerator, qemu::Accelerator::tcg);
  EXPECT_EQ(options.out, "/o");
  EXPECT_FALSE(run({"--accel", "auto"}).accelerator);
  EXPECT_EQ(run({"--shard", "2/3"}).shard->text(), "2/3");
  EXPECT_THAT(refusal({"run", "--shard", "4/3"}), HasSubstr("4/3"));
}

TEST(Options, RunTakesSeveralTreesAndAllFilesystems) {
  EXPECT_EQ(run({"--tree", "6.1.y,5.10.y"}).kernel.tree, "6.1.y,5.10.y");
  EXPECT_TRUE(run({"--tree", "all", "--fs", "all"}).filesystems.empty());
  EXPECT_EQ(run({"--table", "a/b.txt"}).table, "a/b.txt");
  EXPECT_TRUE(run({}).table.empty());
  EXPECT_THAT(refusal({"run", "--fs", "ext4,all"}), HasSubstr("--fs: 'all'"));
}

TEST(Options, CostTakesOneFilesystem) {
  const CostOptions plain = parsed(costCommand(), {});
  EXPECT_THAT(plain.filesystems, ElementsAre("ext4"));
  EXPECT_FALSE(plain.markdown);
  const CostOptions options =
      parsed(costCommand(),
             {"--tree", "6.1.y", "--with", "b-volatile-failstop", "--fs", "xfs", "--markdown"});
  EXPECT_EQ(options.kernel.tree, "6.1.y");
  EXPECT_THAT(options.kernel.with, ElementsAre("b-volatile-failstop"));
  EXPECT_THAT(options.filesystems, ElementsAre("xfs"));
  EXPECT_TRUE(options.markdown);
  EXPECT_THAT(refusal({"cost", "--fs", "ext4,xfs"}),
              AllOf(HasSubstr("'ext4,xfs' is more than one filesystem"), HasSubstr("cost --help")));
  EXPECT_THAT(refusal({"cost", "--machine", "uml"}),
              HasSubstr("unknown option '--machine' of `ovl-syncfs cost`"));
}

TEST(Options, OtherCommandsTakeOneTree) {
  for (const char* command : {"build", "shell", "mutants", "cost"}) {
    for (const char* trees : {"all", "mainline,6.1.y"}) {
      EXPECT_THAT(refusal({command, "--tree", trees}),
                  AllOf(HasSubstr(command), HasSubstr("is more than one tree, which only `run`")));
    }
  }
  EXPECT_THAT(refusal({"mutants", "--fs", "all"}), HasSubstr("--fs: 'all'"));
  EXPECT_THAT(refusal({"shell", "--fs", "all"}), HasSubstr("--fs: 'all'"));
  EXPECT_THAT(refusal({"build", "--table", "x"}),
              HasSubstr("unknown option '--table' of `ovl-syncfs build`"));
}

TEST(Options, AShellIsOneMachineWithOneDisk) {
  const ShellOptions plain = parsed(shellCommand(), {});
  EXPECT_THAT(plain.filesystems, ElementsAre("ext4"));
  EXPECT_EQ(plain.kernel.series, SeriesChoice::on);
  EXPECT_FALSE(plain.is_volatile || plain.is_shared);
  EXPECT_EQ(plain.disk, "");
  const ShellOptions all = parsed(
      shellCommand(), {"--tree", "x/y", "--series", "off", "--machine", "qemu", "--fs", "btrfs",
                       "--volatile", "--accel", "tcg", "--disk", "mine", "--shared", "--engines"});
  EXPECT_THAT(all.filesystems, ElementsAre("btrfs"));
  EXPECT_EQ(all.disk, "mine");
  EXPECT_EQ(all.kernel.series, SeriesChoice::off);
  EXPECT_EQ(all.kernel.machine, qemu::Kind::qemu);
  EXPECT_EQ(all.accelerator, qemu::Accelerator::tcg);
  EXPECT_TRUE(all.is_volatile && all.is_shared && all.kernel.lane == "engines");
  EXPECT_THAT(refusal({"shell", "--series", "both"}), HasSubstr("'both' is not one of on, off"));
  EXPECT_THAT(refusal({"shell", "--fs", "ext4,xfs"}), HasSubstr("'ext4,xfs' is more than one"));
  EXPECT_THAT(refusal({"shell", "--fs", "zfs"}), HasSubstr("ext4, xfs, btrfs"));
  EXPECT_THAT(refusal({"shell", "--filter", "A2"}),
              HasSubstr("unknown option '--filter' of `ovl-syncfs shell`"));
  EXPECT_THAT(refusal({"run", "--disk", "x"}),
              HasSubstr("unknown option '--disk' of `ovl-syncfs run`"));
}

TEST(Options, OtherCommands) {
  EXPECT_EQ(parsed(buildCommand(), {"--series", "off"}).kernel.series, SeriesChoice::off);
  EXPECT_THAT(run({}).kernel.with, ElementsAre());
  EXPECT_THAT(run({"--with", "b-c,a"}).kernel.with, ElementsAre("b-c", "a"));
  EXPECT_TRUE(parsed(listCommand(), {"--json"}).json);
  EXPECT_THAT(parsed(mergeCommand(), {"a", "b", "--out", "/o"}).directories, ElementsAre("a", "b"));
  EXPECT_THAT(refusal({"merge"}), HasSubstr("DIR is required"));
  EXPECT_THAT(parsed(testCommand(), {"--quick", "x"}), ElementsAre("--quick", "x"));
  EXPECT_THAT(parsed(seriesCommand(), {"check", "--help"}), ElementsAre("check", "--help"));
}

TEST(Options, MutantsTakesTheOptionsOfRunExceptSeries) {
  const MutantsOptions options =
      parsed(mutantsCommand(), {"--filter", "a8-*", "--fs", "xfs", "--machine", "qemu", "--jobs",
                                "2", "--out", "/o", "--markdown"});
  EXPECT_EQ(options.filter, "a8-*");
  EXPECT_THAT(options.filesystems, ElementsAre("xfs"));
  EXPECT_TRUE(options.markdown);
  EXPECT_TRUE(parsed(mutantsCommand(), {"--list"}).list);
  const MutantsOptions plain = parsed(mutantsCommand(), {});
  EXPECT_TRUE(parsed(mutantsCommand(), {"--json"}).json);
  EXPECT_FALSE(plain.list || plain.markdown || plain.json);
  EXPECT_TRUE(plain.filesystems.empty());
  EXPECT_THAT(refusal({"mutants", "--series", "off"}), HasSubstr("unknown option '--series'"));
}

TEST(Options, DebugIsForEveryCommandThatBuilds) {
  EXPECT_EQ(run({"--debug"}).kernel.lane, "debug");
  EXPECT_EQ(run({"--distro"}).kernel.lane, "distro");
  EXPECT_EQ(parsed(buildCommand(), {"--debug"}).kernel.lane, "debug");
  EXPECT_EQ(parsed(mutantsCommand(), {"--debug"}).kernel.lane, "debug");
  EXPECT_EQ(run({}).kernel.lane, "");
  EXPECT_THROW(run({"--debug", "--distro"}), Failure);
}

TEST(Options, HelpIsPrintedWithoutACommandToo) {
  for (const auto& words : {std::vector<const char*>{}, {"--help"}, {"-h"}}) {
    EXPECT_THAT(printed(commandLine(), words),
                AllOf(HasSubstr("doctor"), HasSubstr("Exit status")));
  }
  EXPECT_THAT(printed(commandLine(), {"run", "--help"}),
              AllOf(HasSubstr("--filter"), HasSubstr("Examples")));
}

TEST(Options, AMistakeIsNamedWithWhatIsPossible) {
  EXPECT_THAT(refusal({"rum"}),
              AllOf(HasSubstr("unknown command 'rum'"), HasSubstr("Did you mean 'run'")));
  EXPECT_THAT(refusal({"run", "--filtre", "A2"}),
              AllOf(HasSubstr("--filtre"), HasSubstr("Did you mean '--filter'")));
  EXPECT_THAT(refusal({"run", "--filtre=A2", "--jobs", "0"}), HasSubstr("Did you mean '--filter'"));
  EXPECT_THAT(refusal({"run", "A2"}), HasSubstr("unexpected argument 'A2'"));
  EXPECT_THAT(refusal({"run", "list"}), HasSubstr("unexpected argument 'list'"));
  EXPECT_THAT(refusal({"run", "--fs", "ext4,zfs"}),
              AllOf(HasSubstr("'zfs'"), HasSubstr("ext4, xfs, btrfs")));
  EXPECT_THAT(refusal({"run", "--fs", "ext4,"}), HasSubstr("--fs: ''"));
  EXPECT_THAT(refusal({"run", "--series", "yes"}), HasSubstr("on, off, both"));
  EXPECT_EQ(run({"--machine", "vng"}).kernel.machine, qemu::Kind::vng);
  EXPECT_THAT(refusal({"run", "--machine", "qemuu"}), HasSubstr("Did you mean 'qemu'"));
  EXPECT_THAT(refusal({"run", "--accel", "hvf"}), HasSubstr("auto, kvm, tcg"));
  EXPECT_THAT(refusal({"run", "--filter"}), HasSubstr("--filter"));
  EXPECT_THAT(refusal({"build", "--fs", "ext4"}), HasSubstr("unknown option '--fs'"));
  EXPECT_THAT(refusal({"--verbose"}), HasSubstr("--verbose"));
  EXPECT_THAT(refusal({"list", "--jason"}), HasSubstr("Did you mean '--json'"));
}

TEST(Options, JobsIsANumber) {
  for (const char* text : {"0x10", "+3", " 3", "0", "-1", "two", "1000", "2x"}) {
    EXPECT_THAT(refusal({"run", "--jobs", text}), HasSubstr("1 to 999")) << text;
    EXPECT_THAT(refusal({"run", "--patches", text}), HasSubstr("1 to 999")) << text;
  }
  EXPECT_EQ(parsed(runCommand(), {"--jobs", "010"}).jobs, 10u);
}

TEST(Options, GroupAndDisarmedAreOfRun) {
  EXPECT_EQ(run({}).group, "quick");
  EXPECT_FALSE(run({}).disarmed);
  EXPECT_EQ(run({"--group", "long"}).group, "long");
  EXPECT_TRUE(run({"--group", "long"}).kernel.smp);
  EXPECT_FALSE(run({"--group", "quick"}).kernel.smp);
  EXPECT_TRUE(run({"--disarmed"}).disarmed);
  EXPECT_THAT(refusal({"run", "--group", "slow"}), HasSubstr("quick, long, all"));
}

TEST(Options, AProfileHasAKernelOfItsOwn) {
  EXPECT_EQ(run({"--fs", "ext4"}).kernel.lane, "");
  EXPECT_EQ(run({"--fs", "ext4,ext4:no-journal"}).kernel.lane, "profiles");
  EXPECT_THAT(run({"--fs", "f2fs", "--profiles", "xfs"}).filesystems,
              ElementsAre("f2fs", "xfs:pquota", "xfs:4k-sectors"));
  EXPECT_EQ(run({"--profiles", "all"}).filesystems.size(), filesystems::profiles().size());
  EXPECT_EQ(run({"--profiles", "all", "--fs", "all"}).filesystems.size(),
            filesystems::everyName().size());
  EXPECT_THAT(refusal({"run", "--profiles", "zfs"}), HasSubstr("'zfs' is not one of f2fs, ext4"));
  EXPECT_THAT(refusal({"run", "--fs", "f2fs", "--debug"}), HasSubstr("exclude each other"));
  EXPECT_THAT(refusal({"run", "--distro", "--fs", "f2fs"}), HasSubstr("exclude each other"));
}

// The manual page and the completion are made from the options, so nothing is missing there.
TEST(Manual, HasEveryCommandAndOption) {
  const std::string page = manualPage(commandLine().text(), "v1");
  for (const CommandText& command : commandLine().text().commands) {
    std::string heading = ".SS \"" + command.name + "\"\n";
    heading.replace(heading.find("ovl-"), 4, "ovl\\-");
    EXPECT_THAT(page, HasSubstr(heading));
    EXPECT_THAT(page, HasSubstr(command.about));
  }
  EXPECT_THAT(page, AllOf(HasSubstr(fmt::format(".B \\-\\-fs \\fI{}|all\\fR",
                                                fmt::join(filesystems::names(), ","))),
                          HasSubstr("\n.nf\n  ovl\\-syncfs run"), Not(HasSubstr("\n'"))));
}

// What bash offers for the last of these words.
std::string completed(const std::string& typed) {
  const ScratchDirectory scratch;
  const std::string script = scratch.path() / "completion";
  std::ofstream(script) << bashCompletion(commandLine().text(), "v1");
  const std::string program =
      R"(. "$1"; set -f; IFS=' '; COMP_WORDS=($2); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); )"
      R"(_ovl_syncfs; echo "${COMPREPLY[*]}")";
  const sys::Output output =
      sys::runCommand({.arguments = {"bash", "-c", program, "-", script, typed}});
  EXPECT_TRUE(output.exit.ok()) << output.text;
  return output.text;
}

TEST(Completion, KnowsCommandsOptionsAndWords) {
  EXPECT_EQ(completed("ovl-syncfs mu"), "mutants\n");
  EXPECT_EQ(completed("ovl-syncfs --ver"), "--version\n");
  EXPECT_EQ(completed("ovl-syncfs run --se"), "--series\n");
  EXPECT_EQ(completed("ovl-syncfs run --series o"), "on off\n");
  EXPECT_EQ(completed("ovl-syncfs run --fs ext4,x"), "ext4,xfs\n");
  EXPECT_EQ(completed("ovl-syncfs shell --series b"), "\n");
  EXPECT_EQ(completed("ovl-syncfs merge -"), "-h --help --out --table\n");
  EXPECT_EQ(completed("ovl-syncfs run --out r"), "\n");
}

}  // namespace
}  // namespace runner
