// SPDX-License-Identifier: GPL-2.0
// From what was seen of a machine to how it ended. Pure; inside of qemu/ only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "sys/child_process.h"

namespace qemu {

// Why the watch over a machine came to its end.
enum class Cause {
  none,   // it hasn't
  ended,  // the machine's process ended by itself
  // The machine was killed:
  panicked,  // a panic, and no end after it
  console_flooded,
  endless_line,  // on the verdict channel
  restarted,     // it was about to boot again
  silent_boot,   // a limit: no first line
  silence,       // a limit: no further line
  no_shutdown,   // a limit: all was said, and no power off came
};

struct Evidence {
  Kind kind = Kind::userModeLinux;
  Cause cause = Cause::none;
  std::optional<sys::Exit> exit;  // of the machine's process
  bool powered_off = false;       // QEMU's monitor, or else the kernel, says so
  bool reset = false;             // QEMU's monitor: the guest was reset
  bool heard = false;             // there was a line on the verdict channel
  bool complete = false;          // the listener has all that it wants
  bool partial_line = false;      // the channel ended in the middle of a line
  std::optional<std::string> panic;
  std::vector<std::string> splats, console_tail;
  Limits limits;
};

// Gives kind, detail, end, end_detail, splats and console_tail; no times.
Outcome judgeMachine(const Evidence& evidence);

}  // namespace qemu
