// SPDX-License-Identifier: GPL-2.0-only
// Which accelerator QEMU can actually use on the host.
#pragma once

#include <filesystem>
#include <string>

#include "qemu/machine.h"

namespace qemu {

struct AcceleratorChoice {
  Accelerator accelerator = Accelerator::tcg;
  std::string reason;  // in words, for doctor and the head of the table
};

// KVM if a guest answers on it within 3 seconds, otherwise TCG. That /dev/kvm opens proves nothing:
// it may still fail to run a guest. The file `cache` keeps the answer until the host reboots. An
// architecture other than the host's, or without a probe guest, gets TCG. Never throws if KVM does
// not work.
AcceleratorChoice chooseAccelerator(const architectures::Architecture& architecture,
                                    const std::filesystem::path& cache,
                                    const std::filesystem::path& device = "/dev/kvm");

}  // namespace qemu
