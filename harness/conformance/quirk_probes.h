// SPDX-License-Identifier: GPL-2.0-only
// The questions that decide which quirks the running kernel has: each asks the bare filesystem, or
// an overlay that is not volatile, so that no answer depends on what the cases are about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/failing_disk.h"
#include "conformance/workspace.h"

namespace conformance {

struct QuirkAnswers {
  std::vector<std::string> asked, found;  // ids: "no-userxattr"
};

// Asks about the quirks of this disk's filesystem and of the kernel around it, and keeps the
// answers (quirks.h). A question that fails in a way of its own is one without the quirk: the cases
// then show what is wrong. Throws SetupError if the disk cannot be used at all.
QuirkAnswers askForQuirks(FailingDisk& disk, Workspace& workspace);

}  // namespace conformance
