// SPDX-License-Identifier: GPL-2.0-only
// LoopDevice: a block device on an open file, which threads of the kernel read and write.
#pragma once

#include "sys/open_file.h"
#include "sys/result.h"

namespace sys {

class LoopDevice {
 public:
  // Throws SetupError (ENOENT: the kernel has none).
  explicit LoopDevice(const File& file);
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;
  // Lets go of the file.
  ~LoopDevice();

  // Of its first page.
  [[nodiscard]] Result read() const;

 private:
  File device_;
};

}  // namespace sys
