// SPDX-License-Identifier: GPL-2.0
// RawMode: a terminal that passes on every key as it is, as long as its owner lives.
#pragma once

#include <termios.h>

namespace sys {

class RawMode {
 public:
  // `terminal` stays the caller's. Throws SetupError (ENOTTY: it is no terminal).
  explicit RawMode(int terminal);
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
  // As it was before, also when this process is in the background by now.
  ~RawMode();

 private:
  int terminal_;
  termios before_{};
};

}  // namespace sys
