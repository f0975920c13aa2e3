// SPDX-License-Identifier: GPL-2.0
// File: the owner of one file descriptor that is under test. (<sys/file.h> is a header of glibc.)
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "sys/descriptor.h"
#include "sys/result.h"

namespace sys {

// Opening is setup and throws; what the open file then answers is a value.
class File {
 public:
  // open(2) with O_CLOEXEC on top of `flags`. Throws SetupError.
  explicit File(const std::string& path, int flags = O_RDWR, mode_t mode = 0600);
  explicit File(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  int descriptor() const { return descriptor_.get(); }

  [[nodiscard]] Result fsync() const;
  [[nodiscard]] Result fdatasync() const;
  [[nodiscard]] Result syncfs() const;
  // All of `data` at `offset` (bytes). Throws SetupError when only a part was written: that is
  // neither the error nor the success that a case asks for.
  [[nodiscard]] Result pwrite(std::string_view data, off_t offset) const;

  // close(2), after which nothing is open here, whatever it answers.
  [[nodiscard]] Result close() { return Result::ofCall(::close(descriptor_.release())); }

  // A second descriptor of the same open file description. Throws SetupError.
  File duplicate() const;

 private:
  Descriptor descriptor_;
};

// Throws SetupError when a write of `wanted` bytes has written fewer.
void mustBeAll(long written, std::size_t wanted);

// A number of equal bytes, to be written. The value of the bytes is different at each call, so that
// no page is written with what it held before.
std::string freshBytes(std::size_t count);

}  // namespace sys
