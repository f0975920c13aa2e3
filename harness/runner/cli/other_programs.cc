// SPDX-License-Identifier: GPL-2.0-only
// Commands that other programs of the project execute.
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "runner/base/failure.h"
#include "runner/cli/commands.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

using Arguments = std::vector<std::string>;

// Returns only by throwing sys::SetupError.
[[noreturn]] void become(std::string program, Arguments arguments, const Project& project) {
  std::vector<char*> pointers = {program.data()};
  for (std::string& word : arguments) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::setenv("OVL_SYNCFS_ROOT", project.root.c_str(), 1);
  ::setenv("OVL_SYNCFS_GUEST", project.guest.c_str(), 1);
  ::signal(SIGPIPE, SIG_DFL);  // an ignored signal stays ignored across exec
  ::execv(program.c_str(), pointers.data());
  if (errno == ENOENT) {
    throw Failure(ExitStatus::environment,
                  "{} is missing. Run `./ovl-syncfs` of the checkout, which builds it.", program);
  }
  throw sys::SetupError("exec", program, errno);
}

int series(const Arguments& arguments, const Project& project) {
  become((project.program.parent_path() / "ovl-syncfs-series").string(), arguments, project);
}

int test(const Arguments& arguments, const Project& project) {
  become((project.root / "ci" / "test-suite").string(), arguments, project);
}

int demo(const Arguments& arguments, const Project& project) {
  become((project.root / "engines" / "demo").string(), arguments, project);
}

}  // namespace

Command<Arguments> demoCommand() {
  return {"demo", "show what a container engine or a database does on a disk that fails",
          "NAME is one of syncfs, volatile, marker: see Documentation/engines.md.\n",
          [](CLI::App& command, Arguments& arguments) { addRest(command, arguments, false); },
          demo};
}

Command<Arguments> seriesCommand() {
  return {"series", "check the series, or export them", kExitStatus,
          [](CLI::App& command, Arguments& arguments) { addRest(command, arguments, true); },
          series};
}

Command<Arguments> testCommand() {
  return {"test", "run the project's own tests",
          fmt::format("Arguments are the steps to run, such as `style unit`; without any, all of "
                      "them run.\n\n{}",
                      kExitStatus),
          [](CLI::App& command, Arguments& arguments) { addRest(command, arguments, false); },
          test};
}

}  // namespace runner
