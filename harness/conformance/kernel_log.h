// SPDX-License-Identifier: GPL-2.0-only
// KernelLog: what the kernel logs from a given moment on.
#pragma once

#include <string>
#include <vector>

#include "sys/descriptor.h"

namespace conformance {

inline constexpr int kLevelOfAnError = 3;  // KERN_ERR

struct LogRecord {
  int level;  // of <linux/kern_levels.h>
  std::string text;
};

class KernelLog {
 public:
  // Starts to listen now. Throws SetupError.
  KernelLog();
  // The lines since then, or since the last call.
  std::vector<std::string> newLines();
  std::vector<LogRecord> newRecords();

 private:
  sys::Descriptor descriptor_;
};

}  // namespace conformance
