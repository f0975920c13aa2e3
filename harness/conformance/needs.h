// SPDX-License-Identifier: GPL-2.0-only
// What a case may need and not every kernel or filesystem has. Each need...() throws Skipped, with
// the reason, if it is missing.
#pragma once

#include <optional>
#include <string>

#include "conformance/subject.h"
#include "sys/ring.h"
#include "sys/user_namespace.h"

namespace conformance {

// The mount option fsync=. Throws SetupError.
void needFsyncOption(Subject& subject);
// Whether it exists. The release does not tell: 6.12.y has a backport. Throws SetupError.
bool hasFsyncOption(Subject& subject);
// All of these also throw SetupError.
void needRing(std::optional<sys::Ring>& ring);
void needUserNamespace(std::optional<sys::UserNamespace>& users);
// Enters one, or returns why there is none.
std::string whyNoUserNamespace(std::optional<sys::UserNamespace>& users);

}  // namespace conformance
