// SPDX-License-Identifier: GPL-2.0-only
// Which of the quirks of filesystems/ the running kernel has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filesystems/registry.h"

namespace conformance {

// Keeps what quirk_probes.h has found out about this filesystem, or about the kernel around it.
void keepAnswer(const filesystems::Filesystem& filesystem, const filesystems::Quirk& quirk,
                bool is_here);

// Whether the filesystem or the kernel around it has the quirk with that id (filesystems::quirk) in
// the running kernel. No, if the question was not asked. Throws std::logic_error for a quirk that
// only a case can detect.
bool hasQuirk(const filesystems::Filesystem& filesystem, std::string_view id);

// Whether a kernel of the running release may have that one of the quirks. Throws SetupError for an
// unknown id.
bool mayHaveQuirk(const std::vector<filesystems::Quirk>& quirks, std::string_view id);

// Whether User-Mode Linux of this release hangs with io_uring's workers.
bool hangsWithIoUringWorkers();

// The quirk for which the case of this name ("A14.TheLatestErrorWins") is skipped on that
// filesystem in the running kernel, otherwise null. Quirks that only a case can detect are left
// out.
const filesystems::Quirk* quirkThatSkips(const filesystems::Filesystem& filesystem,
                                         const std::string& name);

// The quirk for which that case is expected to fail, likewise.
const filesystems::Quirk* quirkThatFails(const filesystems::Filesystem& filesystem,
                                         const std::string& name);

// Called when a case has met that quirk: throws Skipped with its reason. Throws SetupError if the
// quirk is not expected here: that is news, and no reason to skip.
[[noreturn]] void skipFor(const std::vector<filesystems::Quirk>& quirks, std::string_view id);

}  // namespace conformance
