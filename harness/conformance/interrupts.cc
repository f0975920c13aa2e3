// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/interrupts.h"

#include <signal.h>

namespace conformance {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

sigset_t signalSet() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kSignals) sigaddset(&set, signal);
  return set;
}

}  // namespace

void holdInterrupts() {
  const sigset_t set = signalSet();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

bool interruptPending() {
  sigset_t pending;
  sigpending(&pending);
  for (const int signal : kSignals) {
    if (sigismember(&pending, signal) == 1) return true;
  }
  return false;
}

void releaseInterrupts() {
  const sigset_t set = signalSet();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace conformance
