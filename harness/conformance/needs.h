// SPDX-License-Identifier: GPL-2.0-only
// What a case may need and not every kernel or filesystem has. Each need...() throws Skipped, with
// the reason, if it is missing.
#pragma once

#include <optional>
#include <string>

#include "conformance/subject.h"
#include "sys/aio.h"
#include "sys/failing_allocation.h"
#include "sys/listener.h"
#include "sys/loop_device.h"
#include "sys/ring.h"
#include "sys/user_namespace.h"

namespace conformance {

// The mount option fsync=. Throws SetupError.
void needFsyncOption(Subject& subject);
// Whether it exists. The release does not tell: 6.12.y has a backport. Throws SetupError.
bool hasFsyncOption(Subject& subject);
// Volatile, and fails as a whole.
inline constexpr const char* kFailstop = "fsync=volatile-failstop";
// The mount option for a volatile overlay that fails as a whole: kFailstop if the kernel wants to
// be asked for that, otherwise "volatile".
std::string failstopOption(const filesystems::Filesystem& filesystem);
// All of these also throw SetupError.
void needAcls(const Subject& subject);
[[noreturn]] void skipWithoutAcls(const filesystems::Filesystem& filesystem);
void needRing(std::optional<sys::Ring>& ring);
void needAio(std::optional<sys::Aio>& aio);
void needLoopDevice(std::optional<sys::LoopDevice>& device, const sys::File& file);
void needListener(std::optional<sys::OpenedWhenClosed>& listener, const std::string& path);
void needFailingAllocation(std::optional<sys::FailingAllocation>& allocation, int nth);
void needUserNamespace(std::optional<sys::UserNamespace>& users);
// Enters one, or returns why there is none.
std::string whyNoUserNamespace(std::optional<sys::UserNamespace>& users);

}  // namespace conformance
