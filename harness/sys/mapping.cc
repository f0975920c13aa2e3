// SPDX-License-Identifier: GPL-2.0-only
#include "sys/mapping.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "sys/setup_error.h"

namespace sys {

Mapping::Mapping(const File& file, std::size_t bytes)
    : memory_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor(), 0)),
      bytes_(bytes) {
  if (memory_ == MAP_FAILED) throw SetupError("mmap", "a file, shared", errno);
}

Mapping::~Mapping() {
  ::munmap(memory_, bytes_);
}

std::string Mapping::read(std::size_t bytes) const {
  return {static_cast<const char*>(memory_), bytes};
}

void Mapping::write(std::string_view data) const {
  std::memcpy(memory_, data.data(), data.size());
}

Result Mapping::sync() const {
  return Result::ofCall(::msync(memory_, bytes_, MS_SYNC));
}

}  // namespace sys
