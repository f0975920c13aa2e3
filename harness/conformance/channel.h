// SPDX-License-Identifier: GPL-2.0-only
// Channel: where the verdicts go, one JSON object per line.
#pragma once

#include <string>

#include "conformance/event.h"
#include "sys/descriptor.h"

namespace conformance {

class Channel {
 public:
  // `name` is a device, the name of a virtio-serial port, or empty for standard output. A terminal
  // line is set raw, so that nothing is added to what is written. Throws SetupError.
  explicit Channel(const std::string& name);

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
