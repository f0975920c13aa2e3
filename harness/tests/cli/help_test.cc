// SPDX-License-Identifier: GPL-2.0-only
// What the program says about words that only some commands take, and about its exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runner/cli/commands.h"
#include "runner/run/options.h"
#include "series/command.h"
#include "tests/support/parsed_options.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Refusal, SaysThatACommandTakesOneFilesystem) {
  for (const char* command : {"shell", "cost"}) {
    EXPECT_THAT(refusal(commandLine(), {command, "--fs", "ext4,xfs"}),
                AllOf(HasSubstr("'ext4,xfs' is more than one filesystem"), HasSubstr("takes one"),
                      HasSubstr("Possible: ext4, xfs")));
  }
}

TEST(Refusal, SaysWhichMachinesACommandCanUse) {
  for (const char* command : {"build", "shell", "mutants"}) {
    EXPECT_THAT(refusal(commandLine(), {command, "--machine", "vng"}),
                HasSubstr("--machine: only `run` takes 'vng'. Possible here: uml, qemu. See"));
    EXPECT_THAT(refusal(commandLine(), {command, "--machine", "vgn"}),
                HasSubstr("'vgn' is not one of uml, qemu"));
  }
}

TEST(Refusal, SaysThatAllStandsAlone) {
  for (const char* names : {"all,ext4", "ext4,all"}) {
    EXPECT_THAT(refusal(commandLine(), {"run", "--fs", names}),
                HasSubstr("--fs: 'all' stands alone"));
  }
  EXPECT_THAT(refusal(commandLine(), {"mutants", "--fs", "all,ext4"}),
              HasSubstr("'all' is not one of ext4"));
}

TEST(Help, ListsTheExitStatuses) {
  for (const char* command : {"run", "merge", "build", "doctor", "list", "test"}) {
    EXPECT_THAT(printed(commandLine(), {command, "--help"}), HasSubstr(kExitStatus)) << command;
  }
  EXPECT_THAT(printed(seriesCommandLine(), {"--help"}), HasSubstr(kExitStatus));
}

TEST(Manual, ListsTheExitStatusesOnce) {
  for (const CommandLine& line : {commandLine(), seriesCommandLine()}) {
    const std::string page = manualPage(line.text(), "v1");
    EXPECT_THAT(page, HasSubstr("\n.SH EXIT STATUS\n"));
    const std::string first = "0 all passed";
    EXPECT_EQ(page.find(first), page.rfind(first));
  }
}

}  // namespace
}  // namespace runner
