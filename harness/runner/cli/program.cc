// SPDX-License-Identifier: GPL-2.0-only
#include "runner/cli/program.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <exception>
#include <string_view>

#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "runner/results/exit_status.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

// If a standard descriptor is closed, the next open() would take its number.
void holdStandardDescriptors() {
  int descriptor = 0;
  do {
    descriptor = ::open("/dev/null", O_RDONLY);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) ::close(descriptor);
}

// Prints why it ended, if standard error is still open.
int end(int status, std::string_view message) {
  try {
    writeAll(STDERR_FILENO, fmt::format("ovl-syncfs: {}\n", message));
  } catch (const std::exception&) {
    return status;
  }
  return status;
}

}  // namespace

int runProgram(const std::function<int()>& work) {
  try {
    holdStandardDescriptors();
    sys::installInterruptHandlers();
    return work();
  } catch (const Failure& failure) {
    return end(static_cast<int>(failure.status()), failure.what());
  } catch (const sys::Interrupted& interrupted) {
    return end(128 + interrupted.signal(), "interrupted");
  } catch (const OutputClosed&) {
    return kOutputClosedStatus;
  } catch (const sys::SetupError& error) {
    return end(static_cast<int>(ExitStatus::environment), error.what());
  } catch (const std::exception& problem) {
    return end(static_cast<int>(ExitStatus::error),
               fmt::format("this is a bug in ovl-syncfs: {}", problem.what()));
  }
}

}  // namespace runner
