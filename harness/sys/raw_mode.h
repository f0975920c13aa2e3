// SPDX-License-Identifier: GPL-2.0-only
// RawMode: keeps a terminal in raw mode, in which it passes on every key unchanged.
#pragma once

#include <termios.h>

namespace sys {

class RawMode {
 public:
  // `terminal` stays the caller's. Throws SetupError (ENOTTY: not a terminal).
  explicit RawMode(int terminal);
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
  // Restores the terminal, even if this process is in the background by now.
  ~RawMode();

 private:
  int terminal_;
  termios before_{};
};

}  // namespace sys
