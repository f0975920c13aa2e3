// SPDX-License-Identifier: GPL-2.0-only
#include "sys/direct_read.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

namespace sys {

File directReader(const std::string& path) {
  return File(path, O_RDONLY | O_DIRECT);
}

Result readDirect(const File& reader, std::size_t bytes) {
  constexpr std::size_t kAlignment = 4096;
  const std::unique_ptr<void, decltype(&std::free)> memory(std::aligned_alloc(kAlignment, bytes),
                                                           &std::free);
  return Result::ofCall(::pread(reader.descriptor(), memory.get(), bytes, 0));
}

}  // namespace sys
