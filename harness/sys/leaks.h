// SPDX-License-Identifier: GPL-2.0-only
// What the kernel has allocated and lost, as kmemleak finds it.
#pragma once

namespace sys {

// Logs each object of the kernel that nothing points to any more as a splat, "BUG: memory leak",
// with the trace of its allocation. Does nothing on a kernel without CONFIG_DEBUG_KMEMLEAK, or
// if that is switched off; otherwise it takes ten seconds, as kmemleak passes over what is new.
// Throws SetupError.
void logLeaks();

}  // namespace sys
