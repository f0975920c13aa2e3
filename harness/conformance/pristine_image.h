// SPDX-License-Identifier: GPL-2.0-only
// PristineImage: what a disk holds before every case, for kernels without dm-snapshot.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace conformance {

class PristineImage {
 public:
  // Reads the whole device; keeps only what is not zero. Throws SetupError.
  explicit PristineImage(const std::string& device);

  // Makes the first sectors of a device, as many as were read, equal to what was read. Nothing may
  // be mounted. Throws SetupError.
  void writeTo(const std::string& device) const;

 private:
  std::uint64_t bytes_;
  std::map<std::uint64_t, std::string> pieces_;  // by their offset in bytes
};

}  // namespace conformance
