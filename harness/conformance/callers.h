// SPDX-License-Identifier: GPL-2.0-only
// Callers: processes and threads that call syncfs on a file of this process at the same time, and
// somebody without privileges.
#pragma once

#include <functional>
#include <vector>

#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

// What syncfs answers to this many child processes, which have inherited the file. Throws
// SetupError.
std::vector<sys::Result> syncfsInChildren(const sys::File& file, int children);

// What syncfs answers to threads, one for each of these files (which may be the same). Throws
// SetupError.
std::vector<sys::Result> syncfsInThreads(const std::vector<const sys::File*>& files);

// What `call` answers to this thread as user 65534, without any privilege. Throws SetupError.
sys::Result asNobody(const std::function<sys::Result()>& call);

}  // namespace conformance
