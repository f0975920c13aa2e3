// SPDX-License-Identifier: GPL-2.0-only
// Channel: where the verdicts go, one JSON object per line.
#pragma once

#include <string>

#include "conformance/event.h"
#include "sys/descriptor.h"

namespace conformance {

class Channel {
 public:
  // names: devices and names of virtio-serial ports, separated by commas, of which the first that
  // can be opened is used; empty: standard output. A terminal line is set raw, so that nothing is
  // added to what is written. Throws SetupError.
  explicit Channel(const std::string& names);

  // Writes one object as one line, with one write(2). Throws SetupError.
  void send(const Event& event);
  // Waits until everything is sent: powering off would lose what a serial line still buffers.
  void drain();

 private:
  sys::Descriptor owned_;
  int descriptor_;
  std::string name_;
};

}  // namespace conformance
