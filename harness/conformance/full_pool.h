// SPDX-License-Identifier: GPL-2.0-only
// FullPool: a thin device whose pool has no room left, so that a write to it ends with ENOSPC.
#pragma once

#include <cstdint>
#include <string>

#include "sys/device_mapper.h"
#include "sys/sector_range.h"

namespace conformance {

class FullPool {
 public:
  // prefix: of the names of its devices; sectors: of the thin device; room: a piece of `device` for
  // the pool's metadata and its only block. Throws SetupError.
  FullPool(const std::string& prefix, std::uint64_t sectors, const std::string& device,
           const sys::SectorRange& room);

  // "253:7", to be named in a table. Reads return zeroes.
  std::string number() const { return thin_.number(); }

 private:
  sys::MappedDevice metadata_;
  sys::MappedDevice data_;
  sys::MappedDevice pool_;
  sys::MappedDevice thin_;
};

}  // namespace conformance
