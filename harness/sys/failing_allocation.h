// SPDX-License-Identifier: GPL-2.0-only
// FailingAllocation: the kernel has no memory for one thing that this thread asks it for.
#pragma once

#include "sys/open_file.h"

namespace sys {

class FailingAllocation {
 public:
  // The nth allocation from now on (1 is the next) fails, of those from a slab that may fail; newer
  // kernels count those from a mempool, too. Throws SetupError, with ENOENT if the kernel cannot do
  // that (CONFIG_FAILSLAB, CONFIG_FAULT_INJECTION_DEBUG_FS), with EPERM if it is locked down.
  explicit FailingAllocation(int nth);
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
  // Takes it back, if it has not happened.
  ~FailingAllocation();

  // How many allocations are left until then; 0 when it has happened. Throws SetupError.
  int left() const;

 private:
  File left_;
};

}  // namespace sys
