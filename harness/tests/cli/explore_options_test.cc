// SPDX-License-Identifier: GPL-2.0-only
// The options of `explore`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/cli/commands.h"
#include "runner/run/command.h"
#include "tests/support/parsed_options.h"

namespace runner {
namespace {

using ::testing::HasSubstr;

TEST(ExploreOptions, TakesTheTreesThatRunTakes) {
  for (const char* trees : {"all", "mainline,6.1.y", "x/y"}) {
    EXPECT_EQ(parsed(exploreCommand(), {"--tree", trees}).kernel.tree, trees);
  }
  EXPECT_THAT(printed(commandLine(), {"explore", "--help"}), HasSubstr("--tree TREE|PATH,..."));
  for (const char* command : {"build", "shell", "mutants", "cost"}) {
    EXPECT_THAT(refusal(commandLine(), {command, "--tree", "all"}),
                HasSubstr("which only `run` and `explore` take"));
  }
}

}  // namespace
}  // namespace runner
