// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <string>
#include <vector>

#include "runner/mutants/command.h"
#include "runner/run/options.h"

namespace runner {

struct Options {
  enum class Command {
    run,
    shell,
    build,
    mutants,
    cost,
    series,
    list,
    merge,
    doctor,
    test,
    version,
    text
  };

  Command command = Command::text;
  RunOptions run;            // of run, shell, mutants, cost; build uses run.kernel
  bool is_volatile = false;  // of shell: the overlay
  MutantsOutput mutants = MutantsOutput::table;  // of mutants
  bool markdown = false;                         // of cost
  bool source = false;                           // of build: the source is enough
  bool json = false;                             // of list
  std::vector<std::string> merge;                // of merge: the folders of the shards
  std::vector<std::string> arguments;            // of series and test, which other programs read
  std::string text;                              // of text: --help, to be printed
};

// Throws Failure (usage) that names what is wrong and what would be right; nothing has happened
// then.
Options parseOptions(int count, const char* const* arguments);

}  // namespace runner
