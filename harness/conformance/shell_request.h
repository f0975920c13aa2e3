// SPDX-License-Identifier: GPL-2.0
// How the small commands of the shell ask init, which owns the disk: one request, one reply.
#pragma once

#include <functional>
#include <string>

#include "sys/descriptor.h"

namespace conformance {

struct Reply {
  bool ok = true;    // the exit status of the command: 0 or 1
  std::string text;  // lines for a person
};

// Init's side.
class RequestSocket {
 public:
  // Throws SetupError.
  RequestSocket();

  // Readable when somebody asks.
  int descriptor() const { return socket_.get(); }
  // Takes one request and sends what `answer` says. Whoever asks and goes away gets nothing.
  void serve(const std::function<Reply(const std::string& request)>& answer) const;

 private:
  sys::Descriptor socket_;
};

// A command's side: asks init. Throws SetupError when that is no init of a shell.
Reply ask(const std::string& request);

}  // namespace conformance
