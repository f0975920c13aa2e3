// SPDX-License-Identifier: GPL-2.0-only
// Judges how a machine ended from what was observed. No side effects; private to qemu/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "sys/child_process.h"

namespace qemu {

// Why we stopped watching a machine.
enum class Cause {
  none,   // still watching
  ended,  // the machine's process exited
  // We killed the machine:
  panicked,  // a panic, but the process did not exit
  console_flooded,
  endless_line,  // on the verdict channel
  restarted,     // it was about to boot again
  silent_boot,   // a limit: no first line
  silence,       // a limit: no further line
  no_shutdown,   // a limit: no power-off after the last line
};

struct Evidence {
  Kind kind = Kind::userModeLinux;
  Cause cause = Cause::none;
  std::optional<sys::Exit> exit;  // of the machine's process
  bool powered_off = false;       // according to QEMU's monitor, or else the kernel
  bool reset = false;             // QEMU's monitor: the guest was reset
  bool heard = false;             // there was a line on the verdict channel
  bool complete = false;          // the listener has everything it expects
  bool partial_line = false;      // the channel ended in the middle of a line
  std::optional<std::string> panic;
  std::vector<std::string> splats, console_tail;
  Limits limits;
};

// Sets kind, detail, end, end_detail, splats and console_tail, but no times.
Outcome judgeMachine(const Evidence& evidence);

}  // namespace qemu
