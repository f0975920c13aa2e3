// SPDX-License-Identifier: GPL-2.0-only
// Interruption: SIGINT, SIGTERM and SIGHUP become an event that every wait of this program sees.
#pragma once

#include <stdexcept>

namespace sys {

// Thrown out of a wait once the user asked to stop, so that every owner on the way releases what
// it holds. The exit status is 128 + signal().
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int signal);
  int signal() const { return signal_; }

 private:
  int signal_;
};

// Installs the handlers; call once, before any thread is started. SIGPIPE and SIGXFSZ are ignored
// from then on: writes fail with EPIPE and EFBIG.
void installInterruptHandlers();
// Readable from the first signal on; poll it beside whatever is waited for.
int interruptDescriptor();
// Throws Interrupted when a signal has come.
void throwIfInterrupted();

}  // namespace sys
