// SPDX-License-Identifier: GPL-2.0-only
// CallMate: what a call reads from or writes into besides the fd that it is made on.
#pragma once

#include <optional>

#include "conformance/view.h"
#include "sys/aio.h"
#include "sys/descriptor.h"
#include "sys/open_file.h"
#include "sys/ring.h"

namespace conformance {

enum class Mate { none, empty_pipe, full_pipe, same_overlay, other_overlay, ring, aio };

class CallMate {
 public:
  // view: where the fd is; other: an overlay that never fails. Throws SetupError, and Skipped if
  // the kernel has no io_uring or no AIO.
  CallMate(Mate which, const View& view, const View& other);

  // Of the file or the end of the pipe that the call needs.
  int descriptor() const;
  sys::Ring& ring() { return *ring_; }
  sys::Aio& aio() { return *aio_; }
  // Makes a pipe empty or full again. Throws SetupError.
  void reset();

 private:
  Mate which_;
  sys::Descriptor out_, in_;  // of the pipe
  std::optional<sys::File> file_;
  std::optional<sys::Ring> ring_;
  std::optional<sys::Aio> aio_;
};

}  // namespace conformance
