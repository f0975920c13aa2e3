// SPDX-License-Identifier: GPL-2.0-only
// Variants of the calls of fd_calls.h: the same function of overlayfs with another mode, flag or
// name, and other calls that end in it. A kernel that checks in some of them only is wrong.
#pragma once

#include <vector>

#include "conformance/fd_calls.h"

namespace conformance {

// Those that the running kernel has. The ones that change attributes come last.
const std::vector<FdCall>& fdCallVariants();

}  // namespace conformance
