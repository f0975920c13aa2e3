// SPDX-License-Identifier: GPL-2.0-only
// How QEMU emulates CPUs. Private to qemu/.
#pragma once

#include <string_view>

#include "qemu/machine.h"

namespace qemu {

// Whether a QEMU of this version ("QEMU emulator version 7.2.22 (Debian ...)") can safely emulate
// several CPUs in parallel. Before 8.1, a CPU may execute an instruction that another CPU has
// already replaced. Kernels patch themselves while they boot, and then die of a breakpoint that is
// no longer there: "Oops: int3", in one of sixty boots on our hosts. Fixed by QEMU's commits
// cb62bd15e14e and deba78709ae8 (20230707103611.5906-3-richard.henderson@linaro.org); the symptom
// is described in 20230808072835.GT7636@redhat.com. False if the version cannot be parsed.
bool emulatesCpusInParallel(std::string_view version);

// Whether TCG must emulate all CPUs of this machine on one thread. With several CPUs, runs QEMU to
// get its version: throws SetupError if it cannot be started, and Interrupted.
bool needsOneThread(const architectures::Qemu& system, const Boot& boot);

}  // namespace qemu
