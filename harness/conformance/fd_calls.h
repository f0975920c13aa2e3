// SPDX-License-Identifier: GPL-2.0-only
// The calls of B2 on an open file, as a table of what each needs of its fd.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/call_mate.h"
#include "conformance/fd_needs.h"
#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

struct FdCall {
  std::string title;   // the beginning of a case's title
  unsigned needs = 0;  // of fd_needs.h; what is not offered keeps it away from the layers
  Mate mate = Mate::none;
  std::function<sys::Result(const sys::File&, CallMate&)> call;
  // Before the error, on each fd. Its answer does not matter.
  std::function<void(const sys::File&)> start = {};
  bool is_on_acls = false;
  unsigned only_with = 0;  // of fd_needs.h: on other fds, no answer is expected

  bool isAskedOn(unsigned offers) const { return (only_with & ~offers) == 0; }
  bool reachesALayer(unsigned offers) const {
    return isAskedOn(offers) && whyNotReached(needs, offers) == nullptr;
  }
};

// Those that change attributes of the file come last: they copy up a file of a lower layer.
const std::vector<FdCall>& fdCalls();

}  // namespace conformance
