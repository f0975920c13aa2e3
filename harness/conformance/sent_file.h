// SPDX-License-Identifier: GPL-2.0-only
// A file that went over a socket (SCM_RIGHTS).
#pragma once

#include "sys/open_file.h"

namespace conformance {

// The same open file description, as received over a socket. Throws SetupError.
sys::File sentOverSocket(const sys::File& file);

}  // namespace conformance
