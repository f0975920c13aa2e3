// SPDX-License-Identifier: GPL-2.0-only
// What the kernel has allocated and lost, as kmemleak finds it.
#pragma once

#include <string>

namespace sys {

// Logs each object of the kernel that nothing points to any more as a splat, "BUG: memory leak",
// with the trace of its allocation. Does nothing on a kernel without CONFIG_DEBUG_KMEMLEAK;
// otherwise it takes ten seconds, as kmemleak passes over what is new. Returns why it could not
// look: CONFIG_DEBUG_KMEMLEAK_DEFAULT_OFF, kmemleak=off, a kernel that is locked down, or kmemleak
// has run out of memory. Empty if it could. Throws SetupError.
std::string logLeaks();

}  // namespace sys
