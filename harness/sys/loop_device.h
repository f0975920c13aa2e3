// SPDX-License-Identifier: GPL-2.0-only
// LoopDevice: a block device on an open file, which threads of the kernel read and write.
#pragma once

#include <string>

#include "sys/open_file.h"
#include "sys/result.h"

namespace sys {

class LoopDevice {
 public:
  // Whether the kernel has any (CONFIG_BLK_DEV_LOOP).
  static bool isPossible();
  // It has the size of the file, a multiple of 512 bytes. Throws SetupError (ENOENT: the kernel has
  // none).
  explicit LoopDevice(const File& file);
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;
  // Lets go of the file.
  ~LoopDevice();

  // From now on it passes on the errno of the file, not EIO. Throws SetupError.
  void useDirectIo() const;
  // "7:0", to be named in a table of device-mapper. Throws SetupError.
  std::string number() const;
  // Of its first page.
  [[nodiscard]] Result read() const;

 private:
  File device_;
};

}  // namespace sys
