// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/full_pool.h"

#include "sys/extents.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr std::uint64_t kBlockSectors = 128;      // the smallest block that a pool accepts
constexpr std::uint64_t kMetadataSectors = 4096;  // 2 MiB, the documented minimum

sys::DeviceTable piece(const std::string& device, std::uint64_t start, std::uint64_t length) {
  return {{{0, length}, "linear", device + ' ' + std::to_string(start)}};
}

void fill(const std::string& node, std::size_t bytes) {
  const sys::File file(node, O_RDWR);
  sys::require(file.pwrite(std::string(bytes, '\0'), 0), "write", node);
  sys::require(file.fsync(), "fsync", node);
}

// Wipes the metadata of an earlier pool, which this one would otherwise use.
sys::MappedDevice blank(sys::MappedDevice device) {
  fill(device.node(), kBlockSectors * sys::kSectorBytes);
  sys::dropCache(device.node());
  return device;
}

}  // namespace

FullPool::FullPool(const std::string& prefix, std::uint64_t sectors, const std::string& device,
                   const sys::SectorRange& room)
    : metadata_(blank({prefix + "pool-metadata", piece(device, room.start, kMetadataSectors)})),
      data_(prefix + "pool-data", piece(device, room.start + kMetadataSectors, kBlockSectors)),
      // Without error_if_no_space, writes would wait a minute for more room.
      pool_(prefix + "pool", {{{0, kBlockSectors},
                               "thin-pool",
                               metadata_.number() + ' ' + data_.number() + ' ' +
                                   std::to_string(kBlockSectors) + " 0 1 error_if_no_space"}}),
      thin_(prefix + "thin") {
  pool_.message("create_thin 0");
  thin_.load({{{0, sectors}, "thin", pool_.number() + " 0"}});
  fill(thin_.node(), kBlockSectors * sys::kSectorBytes);
}

}  // namespace conformance
