// SPDX-License-Identifier: GPL-2.0-only
// Preparations (operations.h) of one call on one descriptor.
#pragma once

#include <string>

#include "conformance/operations.h"
#include "sys/open_file.h"

namespace conformance {

// The call on that file, which stays open.
Call callOn(sys::File file, long (*call)(int));

// A call on a file that is opened beforehand.
Preparation onFile(const std::string& name, int flags, long (*call)(int));
// The same on the file "data", for reading and writing.
Preparation onData(long (*call)(int));
Preparation onDirectory(const std::string& name, long (*call)(int));

}  // namespace conformance
