// SPDX-License-Identifier: GPL-2.0-only
// The guest that probes whether an accelerator works. Private to qemu/.
#pragma once

#include <chrono>
#include <string>

#include "architectures/architecture.h"

namespace qemu {

// Runs an architecture's probe guest on a QEMU accelerator ("kvm", "tcg"). Returns true if it
// answers within the limit. Throws SetupError if QEMU can't be started.
bool probeGuestAnswers(const architectures::Qemu& system, const std::string& accelerator,
                       std::chrono::milliseconds limit);

}  // namespace qemu
