// SPDX-License-Identifier: GPL-2.0-only
// Failure: why a command of the runner cannot go on, and with which exit status it ends.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace runner {

// The exit statuses, in the order of Documentation/running.md.
enum class ExitStatus {
  pass = 0,
  fail = 1,
  usage = 2,
  error = 3,  // the harness failed: a fault that never hit, a setup error
  timeout = 4,
  panic = 5,
  splat = 6,
  lost = 7,
  build = 8,        // a patch, a configuration or a compile
  environment = 9,  // the host or its network: a missing tool, no archive, a full disk
};

class Failure : public std::runtime_error {
 public:
  // what: says what happened, to what, and what to do; may have several lines.
  Failure(ExitStatus status, const std::string& what) : std::runtime_error(what), status_(status) {}
  template <typename First, typename... Rest>
  Failure(ExitStatus status, fmt::format_string<First, Rest...> format, First&& first,
          Rest&&... rest)
      : Failure(status,
                fmt::format(format, std::forward<First>(first), std::forward<Rest>(rest)...)) {}
  ExitStatus status() const { return status_; }

 private:
  ExitStatus status_;
};

}  // namespace runner
