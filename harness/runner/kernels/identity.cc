// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/identity.h"

#include <fmt/ranges.h>

namespace runner {

std::string driftInWords(const KernelIdentity& kernel) {
  if (kernel.fuzzy.empty() && (kernel.base.empty() || kernel.release == kernel.base)) return {};
  const std::string text = fmt::format("{} was made on Linux {} and applies to {}", kernel.series,
                                       kernel.base, kernel.release);
  if (kernel.fuzzy.empty()) return text + " cleanly";
  return fmt::format("{} with fuzz, so review the result:\n  {}", text,
                     fmt::join(kernel.fuzzy, "\n  "));
}

}  // namespace runner
