// SPDX-License-Identifier: GPL-2.0
// ovl-syncfs: the one command. Every way to end has its message and its exit status.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <exception>
#include <string_view>

#include "runner/commands/commands.h"
#include "runner/exit_status.h"
#include "runner/failure.h"
#include "runner/output.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace {

// A standard descriptor that the user has closed would become the next file that is opened.
void holdStandardDescriptors() {
  int descriptor = 0;
  do {
    descriptor = ::open("/dev/null", O_RDONLY);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) ::close(descriptor);
}

int execute(int count, char** arguments) {
  using Command = runner::Options::Command;
  holdStandardDescriptors();
  sys::installInterruptHandlers();
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
      return runner::series(options.series, project);
    case Command::list:
      return runner::list(options.json, project);
    case Command::merge:
      return runner::merge(options.merge, options.run);
    case Command::doctor:
      return runner::doctor(project);
    case Command::test:
      return runner::test(options.test_arguments, project);
    case Command::version:
      runner::print("ovl-syncfs " + project.version() + '\n');
      return 0;
    case Command::text:
      break;
  }
  return 0;
}

// Says why it ended. A standard error that is closed too leaves nobody to tell.
int end(int status, std::string_view message) {
  try {
    runner::writeAll(STDERR_FILENO, fmt::format("ovl-syncfs: {}\n", message));
  } catch (const std::exception&) {
    return status;
  }
  return status;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return execute(count, arguments);
  } catch (const runner::Failure& failure) {
    return end(static_cast<int>(failure.status()), failure.what());
  } catch (const sys::Interrupted& interrupted) {
    return end(128 + interrupted.signal(), "interrupted");
  } catch (const runner::OutputClosed&) {
    return runner::kOutputClosedStatus;
  } catch (const sys::SetupError& error) {
    return end(static_cast<int>(runner::ExitStatus::environment), error.what());
  } catch (const std::exception& problem) {
    return end(static_cast<int>(runner::ExitStatus::error),
               fmt::format("this is a bug in ovl-syncfs: {}", problem.what()));
  }
}
