// SPDX-License-Identifier: GPL-2.0-only
// How the shell's commands ask init, which owns the disk: one request, one reply.
#pragma once

#include <functional>
#include <string>

#include "sys/descriptor.h"

namespace conformance {

struct Reply {
  bool ok = true;    // the exit status of the command: 0 or 1
  std::string text;  // lines to print
};

// Init's side.
class RequestSocket {
 public:
  // Throws SetupError.
  RequestSocket();

  // Readable when a request is waiting.
  int descriptor() const { return socket_.get(); }
  // Takes one request and sends the reply of `answer`, if the requester is still there.
  void serve(const std::function<Reply(const std::string& request)>& answer) const;

 private:
  sys::Descriptor socket_;
};

// A command's side: asks init. Throws SetupError if init does not run a shell.
Reply ask(const std::string& request);

}  // namespace conformance
