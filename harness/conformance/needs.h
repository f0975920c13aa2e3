// SPDX-License-Identifier: GPL-2.0
// What a case needs and not every kernel or filesystem has: each of these throws Skipped, with the
// reason, where it is missing.
#pragma once

#include <optional>
#include <string>

#include "conformance/subject.h"
#include "sys/ring.h"
#include "sys/user_namespace.h"

namespace conformance {

// what: the feature that Linux has since that version, "an overlay in a user namespace".
void needKernel(int major, int minor, const std::string& what);
// The errno of the disk is the one that is recorded.
void needTheDisksErrno(const Subject& subject);
// syncfs writes back what was written to the block device itself.
void needABlockDevice(const Subject& subject);
// Both also throw SetupError.
void needRing(std::optional<sys::Ring>& ring);
void needUserNamespace(std::optional<sys::UserNamespace>& users);

}  // namespace conformance
