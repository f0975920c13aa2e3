// SPDX-License-Identifier: GPL-2.0-only
#include "sys/raw_mode.h"

#include <csignal>

#include "sys/setup_error.h"

namespace sys {

RawMode::RawMode(int terminal) : terminal_(terminal) {
  require(tcgetattr(terminal, &before_), "tcgetattr", "the terminal");
  termios raw = before_;
  cfmakeraw(&raw);
  require(tcsetattr(terminal, TCSANOW, &raw), "tcsetattr", "the terminal");
}

RawMode::~RawMode() {
  // With SIGTTOU blocked, a process in the background can do this.
  sigset_t stop, signals;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &stop, &signals);
  tcsetattr(terminal_, TCSANOW, &before_);
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
}

}  // namespace sys
