// SPDX-License-Identifier: GPL-2.0-only
// File: the owner of one file descriptor that is under test. (<sys/file.h> is a header of glibc.)
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sys/descriptor.h"
#include "sys/result.h"

namespace sys {

// The calls that duplicate a descriptor. Each takes a path of its own through the kernel.
enum class Duplication : std::uint8_t { dup, dup2, dup3, fcntl };
inline constexpr std::array kDuplications{Duplication::dup, Duplication::dup2, Duplication::dup3,
                                          Duplication::fcntl};

// Opening is setup and throws; the calls on the open file return a value.
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

  // close(2). The descriptor is closed afterwards, whatever it returns.
  [[nodiscard]] Result close() { return Result::ofCall(::close(descriptor_.release())); }

  // A second descriptor of the same open file description. Throws SetupError.
  File duplicate(Duplication by = Duplication::dup) const;

 private:
  Descriptor descriptor_;
};

// Throws SetupError when a write of `wanted` bytes has written fewer.
void mustBeAll(long written, std::size_t wanted);

// `count` letters to write, others with each call, so that no page is rewritten with what any other
// page of the disk has: one letter comes again after 26 calls, eight after 2 * 10^11.
std::string freshBytes(std::size_t count);

}  // namespace sys
