// SPDX-License-Identifier: GPL-2.0
// What a case needs and not every kernel or filesystem has: each of these throws Skipped, with the
// reason, where it is missing.
#pragma once

#include <optional>

#include "conformance/subject.h"
#include "sys/ring.h"
#include "sys/user_namespace.h"

namespace conformance {

// The mount option fsync=. Throws SetupError.
void needFsyncOption(Subject& subject);
// Whether it is there: 6.12.y has got it too, so no release tells. Throws SetupError.
bool hasFsyncOption(Subject& subject);
// Both also throw SetupError.
void needRing(std::optional<sys::Ring>& ring);
void needUserNamespace(std::optional<sys::UserNamespace>& users);

}  // namespace conformance
