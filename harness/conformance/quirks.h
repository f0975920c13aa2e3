// SPDX-License-Identifier: GPL-2.0
// The quirks of filesystems/, asked of the running kernel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filesystems/registry.h"

namespace conformance {

// The quirk of that id (filesystems::quirk) if the running kernel has it, otherwise nothing.
// quirks: those of a filesystem, or of the kernel around it. Throws std::logic_error for a quirk
// that only a case meets.
const filesystems::Quirk* quirkHere(const std::vector<filesystems::Quirk>& quirks,
                                    std::string_view id);

// The quirk for which no case of this name ("A14.TheLatestErrorWins") runs on that filesystem in
// the running kernel, otherwise nothing. What only a case meets is not among them.
const filesystems::Quirk* quirkThatSkips(const filesystems::Filesystem& filesystem,
                                         const std::string& name);

// What a case has met is that quirk: throws Skipped with its reason. If it is none of these it is
// news, and no reason to say nothing: throws SetupError.
[[noreturn]] void skipFor(const std::vector<filesystems::Quirk>& quirks, std::string_view id);

}  // namespace conformance
