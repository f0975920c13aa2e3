// SPDX-License-Identifier: GPL-2.0
// The guest that finds out whether an accelerator works. Inside of qemu/ only.
#pragma once

#include <chrono>
#include <string>

#include "architectures/architecture.h"

namespace qemu {

// Runs an architecture's probe guest on a QEMU accelerator ("kvm", "tcg"); true when it answers
// within the limit. Throws SetupError when QEMU can't be started.
bool probeGuestAnswers(const architectures::Qemu& system, const std::string& accelerator,
                       std::chrono::milliseconds limit);

}  // namespace qemu
