// SPDX-License-Identifier: GPL-2.0-only
// Cost: how many instructions system calls take, on a machine whose time stamp counter counts them.
#pragma once

#include "conformance/channel.h"
#include "conformance/options.h"

namespace conformance {

// Sends one event for each call and subject on the disk: "cost" with the call's name, the subject,
// the median of the instructions from user mode to user mode, and how many of the repetitions took
// exactly the median. Sends nothing for a call that the kernel refuses: a volatile mount on an
// upper directory that had one (requirement C1). Sends "unable" instead if the kernel lacks
// something or the counter does not count instructions. Throws SetupError.
void measureCost(const Disk& disk, Channel& channel);

}  // namespace conformance
