// SPDX-License-Identifier: GPL-2.0
// Interrupts wait: ending in the middle of a case would leave devices and mounts behind.
#pragma once

namespace conformance {

// SIGINT, SIGTERM and SIGHUP are held back from now on.
void holdInterrupts();
// Whether one of them has come since.
bool interruptWaits();
// Lets them through; the process ends here, in the signal's own way, if one has come.
void releaseInterrupts();

}  // namespace conformance
