// SPDX-License-Identifier: GPL-2.0
// Which accelerator QEMU can really use here.
#pragma once

#include <filesystem>
#include <string>

#include "qemu/machine.h"

namespace qemu {

struct AcceleratorChoice {
  Accelerator accelerator = Accelerator::tcg;
  std::string reason;  // in plain words, for doctor and for the head of a run
};

// KVM if a guest really answers on it within 3 seconds, otherwise TCG. An open of /dev/kvm proves
// nothing: it may open and never run a guest. The answer is kept in `cache` (a file), for this
// host's boot id, so that it is asked once. An architecture that is not the host's, or that has no
// probe guest, gets TCG. Never throws for a KVM that doesn't work.
AcceleratorChoice chooseAccelerator(const architectures::Architecture& architecture,
                                    const std::filesystem::path& cache,
                                    const std::filesystem::path& device = "/dev/kvm");

}  // namespace qemu
