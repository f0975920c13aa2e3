// SPDX-License-Identifier: GPL-2.0-only
#include "runner/cli/commands.h"

#include <fmt/core.h>

#include "runner/cost/command.h"
#include "runner/mutants/command.h"
#include "runner/run/command.h"
#include "runner/shell/command.h"

namespace runner {

CommandLine commandLine() {
  CommandLine line(
      "ovl-syncfs",
      "Tests whether syncfs(2) on overlayfs reports writeback errors as documented: builds a "
      "kernel,\nboots it on a failing disk, and prints a verdict for each case.\n",
      fmt::format("See `ovl-syncfs COMMAND --help` for the options of a command.\n\n{}",
                  kExitStatus));
  line.add(runCommand());
  line.add(exploreCommand());
  line.add(shellCommand());
  line.add(buildCommand());
  line.add(mutantsCommand());
  line.add(costCommand());
  line.add(seriesCommand());
  line.add(listCommand());
  line.add(mergeCommand());
  line.add(doctorCommand());
  line.add(demoCommand());
  line.add(testCommand());
  line.addPrinter("man", "print the manual page", manualPage);
  line.addPrinter("completion", "print the completion script for bash", bashCompletion);
  return line;
}

}  // namespace runner
