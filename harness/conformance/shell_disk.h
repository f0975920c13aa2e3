// SPDX-License-Identifier: GPL-2.0-only
// ShellDisk: an overlay on its failing disk, to break and heal by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "conformance/failing_disk.h"
#include "conformance/fault_log.h"
#include "conformance/options.h"
#include "conformance/shell_request.h"
#include "conformance/subject.h"
#include "conformance/workspace.h"

namespace conformance {

// Where things are in the shell's guest.
inline constexpr const char* kShellOverlay = "/overlay";  // what is under test
inline constexpr const char* kShellBase = "/base";        // the bare filesystem
inline constexpr const char* kShellUpper = "/upper";      // a link to the upper directory in it

class ShellDisk {
 public:
  // Makes the disk, and mounts it and the overlay. Throws SetupError.
  ShellDisk(const Disk& disk, bool is_volatile);

  // Carries out one of the commands: "fail FILE", "heal", "lose FILE" or "status", with FILE as an
  // absolute path in the overlay or on the bare filesystem. A failure is reported in the reply: it
  // never throws.
  Reply answer(const std::string& request);

 private:
  Reply answerOrThrow(const std::string& request);
  std::string fail(const std::string& bare_path);
  std::string heal();
  std::string lose(const std::string& path);
  std::string status() const;
  // The lines of the log from number `from` on, without their times.
  std::string logSince(std::size_t from) const;

  Workspace workspace_;
  FailingDisk disk_;
  FaultLog log_;
  Subject subject_;
  std::optional<Fault> fault_;
  std::string broken_;  // what fails now, in words
};

}  // namespace conformance
