// SPDX-License-Identifier: GPL-2.0-only
// Aio: the owner of one context of Linux AIO, io_submit(2).
#pragma once

#include <linux/aio_abi.h>

#include <cstdint>

#include "sys/open_file.h"
#include "sys/result.h"

namespace sys {

// One request at a time, each waited for.
class Aio {
 public:
  // Throws SetupError (ENOSYS: the kernel has none).
  Aio();
  Aio(const Aio&) = delete;
  Aio& operator=(const Aio&) = delete;
  ~Aio();

  // A part of memory at the start of a file.
  [[nodiscard]] Result pread(const File& file, void* memory, std::size_t bytes);
  [[nodiscard]] Result pwrite(const File& file, const void* memory, std::size_t bytes);
  [[nodiscard]] Result fsync(const File& file);

 private:
  Result submit(std::uint16_t operation, const File& file, const void* memory, std::size_t bytes);

  aio_context_t context_ = 0;
};

}  // namespace sys
