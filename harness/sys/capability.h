// SPDX-License-Identifier: GPL-2.0-only
// WithoutCapability: this thread does without a capability for a while.
#pragma once

#include <cstdint>

namespace sys {

class WithoutCapability {
 public:
  // number: CAP_DAC_READ_SEARCH and so on, below 32. Throws SetupError.
  explicit WithoutCapability(unsigned number);
  WithoutCapability(const WithoutCapability&) = delete;
  WithoutCapability& operator=(const WithoutCapability&) = delete;
  ~WithoutCapability();

 private:
  std::uint32_t before_ = 0;  // the first 32 effective ones
};

}  // namespace sys
