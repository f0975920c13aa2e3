// SPDX-License-Identifier: GPL-2.0
// GuestTerminal: joins the user's terminal, or whatever is standard output, with a guest's.
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
  // As close(), whatever was the reason; the user's terminal is as it was before.
  ~GuestTerminal();

  // The guest's end, a socket, for qemu::Boot::terminal.
  int guestEnd() const { return guest_end_.get(); }

  // From now on the user talks with the guest: what it prints goes to standard output, and every
  // key to it, Ctrl-C too. Only Ctrl-] is ours: it interrupts this program. Throws SetupError.
  void open();
  // The machine has ended: writes out what it still had to say, unless this program is interrupted,
  // and gives the user's terminal back. Throws OutputClosed or Failure (environment) when standard
  // output could not be written; this program is interrupted as soon as that happens.
  void close();

 private:
  void pump();
  void end() noexcept;
  bool takeKeys();     // false: Ctrl-]
  bool sendKeys();     // false: the guest is gone
  bool takeOutput();   // false: the guest is gone
  bool writeOutput();  // false: nobody takes it

  bool has_input_;
  sys::Descriptor our_end_, guest_end_;
  sys::Descriptor own_output_;  // standard output, opened anew so that writes don't block
  std::string keys_, output_;   // on their way
  bool in_line_ = false;        // the last byte that was written is no newline
  std::atomic<int> output_error_ = 0;
  std::optional<sys::RawMode> raw_mode_;
  std::jthread pump_;
};

}  // namespace runner
