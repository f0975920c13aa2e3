// SPDX-License-Identifier: GPL-2.0-only
// Deferred interrupts: ending in the middle of a case would leave devices and mounts behind.
#pragma once

namespace conformance {

// SIGINT, SIGTERM and SIGHUP are held back from now on.
void holdInterrupts();
// Whether one of them is pending.
bool interruptPending();
// Unblocks them; a pending one ends the process here, as usual.
void releaseInterrupts();

}  // namespace conformance
