// SPDX-License-Identifier: GPL-2.0-only
// Which of the quirks of filesystems/ the running kernel has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filesystems/registry.h"

namespace conformance {

// The quirk with that id (filesystems::quirk) if the running kernel has it, otherwise null. quirks:
// those of a filesystem, or of the kernel around it. Throws std::logic_error for a quirk that only
// a case can detect.
const filesystems::Quirk* quirkHere(const std::vector<filesystems::Quirk>& quirks,
                                    std::string_view id);

// The quirk for which the case of this name ("A14.TheLatestErrorWins") is skipped on that
// filesystem in the running kernel, otherwise null. Quirks that only a case can detect are left
// out.
const filesystems::Quirk* quirkThatSkips(const filesystems::Filesystem& filesystem,
                                         const std::string& name);

// Called when a case has met that quirk: throws Skipped with its reason. Throws SetupError if the
// quirk is not expected here: that is news, and no reason to skip.
[[noreturn]] void skipFor(const std::vector<filesystems::Quirk>& quirks, std::string_view id);

}  // namespace conformance
