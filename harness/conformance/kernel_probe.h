// SPDX-License-Identifier: GPL-2.0-only
// What must exist before a case can be set up.
#pragma once

#include <string>
#include <vector>

#include "conformance/options.h"

namespace conformance {

// Everything that the running kernel or machine lacks, a sentence each, with the name of the
// configuration option; empty when all is well.
std::vector<std::string> missingThings(const std::vector<Disk>& disks);
// Of these sentences, those about filesystems of the disks: no reason against other filesystems.
std::vector<std::string> missingFilesystems(const std::vector<Disk>& disks);

// "7.3.4"
std::string kernelRelease();
bool isUserModeLinux();

}  // namespace conformance
