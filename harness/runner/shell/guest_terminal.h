// SPDX-License-Identifier: GPL-2.0-only
// GuestTerminal: connects the user's terminal, or standard output, to the guest's terminal.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "sys/descriptor.h"
#include "sys/raw_mode.h"

namespace runner {

class GuestTerminal {
 public:
  // has_input: standard input is a terminal whose keys go to the guest. Throws SetupError.
  explicit GuestTerminal(bool has_input);
  GuestTerminal(const GuestTerminal&) = delete;
  GuestTerminal& operator=(const GuestTerminal&) = delete;
  // Restores the user's terminal, whether or not close() was called.
  ~GuestTerminal();

  // The guest's end, a socket, for qemu::Boot::terminal.
  int guestEnd() const { return guest_end_.get(); }

  // Connects the user to the guest: its output goes to standard output, and all keys go to it,
  // including Ctrl-C. Only Ctrl-] is ours and interrupts this program. Throws SetupError.
  void open();
  // After the machine has ended: writes the rest of its output, unless this program is interrupted,
  // and restores the user's terminal. Throws OutputClosed or Failure (environment) if standard
  // output could not be written; this program is interrupted as soon as that happens.
  void close();

 private:
  void pump();
  void end() noexcept;
  bool takeKeys();     // false: Ctrl-]
  bool sendKeys();     // false: the guest is gone
  bool takeOutput();   // false: the guest is gone
  bool writeOutput();  // false: it failed

  bool has_input_;
  sys::Descriptor our_end_, guest_end_;
  sys::Descriptor own_output_;  // standard output, reopened so that writes don't block
  std::string keys_, output_;   // not yet written
  bool in_line_ = false;        // the last byte written is not a newline
  std::atomic<int> output_error_ = 0;
  std::optional<sys::RawMode> raw_mode_;
  std::jthread pump_;
};

}  // namespace runner
