// SPDX-License-Identifier: GPL-2.0
// How QEMU emulates processors. Inside of qemu/ only.
#pragma once

#include <string_view>

#include "qemu/machine.h"

namespace qemu {

// Whether a QEMU that gives this as its version ("QEMU emulator version 7.2.22 (Debian ...)") may
// run several processors at once. Before 8.1 one of them may go on with an instruction that another
// one has replaced meanwhile, and a kernel that patches itself, as all do when they boot, dies of a
// breakpoint that was gone already: "Oops: int3", here in one boot of sixty. QEMU's commits
// cb62bd15e14e and deba78709ae8 mend it (20230707103611.5906-3-richard.henderson@linaro.org); the
// symptom is in 20230808072835.GT7636@redhat.com. False for what cannot be read.
bool runsProcessorsAtOnce(std::string_view version);

// Whether TCG has to emulate this machine on one thread, on which several processors take turns.
// Asks QEMU for its version when there are several. Throws SetupError when it cannot be started,
// Interrupted when the user wants to stop.
bool needsOneThread(const architectures::Qemu& system, const Boot& boot);

}  // namespace qemu
