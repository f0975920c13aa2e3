// SPDX-License-Identifier: GPL-2.0
// ovl-syncfs: the one command.
#include "runner/base/output.h"
#include "runner/base/project.h"
#include "runner/cli/become.h"
#include "runner/cli/commands.h"
#include "runner/cli/options.h"
#include "runner/cli/program.h"
#include "runner/cost/command.h"
#include "runner/mutants/command.h"
#include "runner/run/command.h"
#include "runner/shell/command.h"

namespace {

int execute(int count, char** arguments) {
  using Command = runner::Options::Command;
  const runner::Options options = runner::parseOptions(count, arguments);
  if (options.command == Command::text) {
    runner::print(options.text);
    return 0;
  }
  const runner::Project project = runner::Project::find();
  switch (options.command) {
    case Command::run:
      return runner::run(options.run, project);
    case Command::shell:
      return runner::shell(options.run, options.is_volatile, project);
    case Command::build:
      return runner::build(options.run.kernel, options.source, project);
    case Command::mutants:
      return runner::mutants(options.run, options.mutants, project);
    case Command::cost:
      return runner::cost(options.run, options.markdown, project);
    case Command::series:
      runner::become((project.program.parent_path() / "ovl-syncfs-series").string(),
                     options.arguments, project);
    case Command::list:
      return runner::list(options.json, project);
    case Command::merge:
      return runner::merge(options.merge, options.run);
    case Command::doctor:
      return runner::doctor(project);
    case Command::test:
      runner::become((project.root / "ci" / "test-suite").string(), options.arguments, project);
    case Command::version:
      runner::print("ovl-syncfs " + project.version() + '\n');
      return 0;
    case Command::text:
      break;
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  return runner::runProgram([&] { return execute(count, arguments); });
}
