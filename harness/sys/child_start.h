// SPDX-License-Identifier: GPL-2.0-only
// The start of a child process: what the parent prepares, and what runs between fork() and exec().
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sys/child_process.h"

namespace sys {

// Which step in the child failed, as sent through the pipe.
struct StartFailure {
  enum Step { directory, descriptors, program } step;
  int error;
};

// Everything that the child needs, made before fork(): between fork() and exec() only calls that
// are safe in a signal handler are allowed, since another thread may hold any lock.
struct Plan {
  std::vector<std::string> programs;  // where arguments[0] may be, in the order of PATH
  std::vector<char*> arguments;
  std::vector<std::string> environment_text;
  std::vector<char*> environment;
  const char* directory = nullptr;
  std::vector<std::pair<int, int>> descriptors;  // {here, there}
  int first_free = 3;                            // above every number in use in the child
  pid_t parent = 0;
  int report = -1;
  int lifeline = -1;  // the guard's end of it; -1: no guard
  std::optional<int> processor;
};

// Throws SetupError for a command without a name. The plan points into the command.
Plan plan(const Command& command);

// Runs in the child, with all signals blocked. Writes a StartFailure to plan.report if it fails.
[[noreturn]] void becomeProgram(Plan& plan);

}  // namespace sys
