// SPDX-License-Identifier: GPL-2.0-only
// What must exist before a case can be set up.
#pragma once

#include <string>
#include <vector>

#include "conformance/options.h"

namespace conformance {

// The block device that takes the writes of all cases.
inline constexpr const char* kScratchDevice = "/dev/ram0";

// Everything that the running kernel or machine lacks, a sentence each, with the name of the
// configuration option; empty when all is well.
std::vector<std::string> missingThings(const std::vector<Disk>& disks);

// "7.3.4"
std::string kernelRelease();
bool isUserModeLinux();

}  // namespace conformance
