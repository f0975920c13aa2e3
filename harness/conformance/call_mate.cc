// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/call_mate.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include "conformance/cases/steps.h"
#include "conformance/needs.h"
#include "sys/setup_error.h"

namespace conformance {

CallMate::CallMate(Mate which, const View& view, const View& other) : which_(which) {
  switch (which) {
    case Mate::none:
      break;
    case Mate::empty_pipe:
    case Mate::full_pipe: {
      std::array<int, 2> ends{};
      sys::require(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), "pipe2", "for a splice");
      out_ = sys::Descriptor(ends[0]);
      in_ = sys::Descriptor(ends[1]);
      reset();
      break;
    }
    case Mate::same_overlay:
      file_.emplace(view.open("other"));
      break;
    case Mate::other_overlay:
      file_.emplace(other.open("other"));
      break;
    case Mate::ring:
      needRing(ring_);
      break;
    case Mate::aio:
      needAio(aio_);
      break;
  }
}

int CallMate::descriptor() const {
  if (file_) return file_->descriptor();
  return which_ == Mate::empty_pipe ? in_.get() : out_.get();
}

void CallMate::reset() {
  if (!in_) return;
  std::string bytes(2 * kBytes, '\0');
  while (::read(out_.get(), bytes.data(), bytes.size()) > 0) continue;
  if (which_ == Mate::full_pipe)
    sys::require(::write(in_.get(), bytes.data(), kBytes), "write", "a pipe");
}

}  // namespace conformance
