// SPDX-License-Identifier: GPL-2.0-only
// debugfs, where the kernel has what only tests need.
#pragma once

namespace sys {

inline constexpr const char* kDebugfs = "/sys/kernel/debug";
// False if the kernel has none (CONFIG_DEBUG_FS). Throws SetupError.
bool mountDebugfs();

}  // namespace sys
