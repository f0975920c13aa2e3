// SPDX-License-Identifier: GPL-2.0-only
// What the program does first and last when it is the init of a guest.
#pragma once

namespace conformance {

// True when this process is pid 1.
bool isInit();

// Mounts /proc, /sys, /dev and /tmp, and makes the kernel expedite RCU grace periods. A mount that
// fails is a line on the console; missingThings() then says what is missing.
void becomeInit();

// Powers the machine off. Nothing is synced: the disks are read-only and the rest is memory.
[[noreturn]] void powerOff();

}  // namespace conformance
