// SPDX-License-Identifier: GPL-2.0-only
#include "sys/device_blocks.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

using Memory = std::unique_ptr<char, decltype(&std::free)>;

Memory memoryFor(std::size_t bytes) {
  return {static_cast<char*>(std::aligned_alloc(kBlockBytes, bytes)), &std::free};
}

}  // namespace

SectorRange block(std::uint64_t number) {
  constexpr std::uint64_t kSectors = kBlockBytes / kSectorBytes;
  return {number * kSectors, kSectors};
}

std::string readBlocks(const std::string& device, const SectorRange& place) {
  const std::size_t bytes = place.length * kSectorBytes;
  const File file(device, O_RDONLY | O_DIRECT);
  const Memory memory = memoryFor(bytes);
  const long count = require(::pread(file.descriptor(), memory.get(), bytes,
                                     static_cast<off_t>(place.start * kSectorBytes)),
                             "read", device);
  mustBeAll(count, bytes);
  return {memory.get(), bytes};
}

void writeBlocks(const std::string& device, const SectorRange& place, std::string_view bytes) {
  const File file(device, O_WRONLY | O_DIRECT);
  const Memory memory = memoryFor(bytes.size());
  std::memcpy(memory.get(), bytes.data(), bytes.size());
  require(file.pwrite({memory.get(), bytes.size()}, static_cast<off_t>(place.start * kSectorBytes)),
          "write", device);
}

}  // namespace sys
