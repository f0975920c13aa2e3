// SPDX-License-Identifier: GPL-2.0
// KTAP version 1, as Documentation/dev-tools/ktap.rst of the kernel has it.
#pragma once

#include <string>

#include "runner/results/results.h"

namespace runner {

// Of one tree: one nested test for each machine. Expected failures are "ok ... # XFAIL", as
// kselftest prints them; a timeout carries TIMEOUT, and a panic, a splat, a lost machine and an
// error of ours carry ERROR with the verdict's own name in front of the reason. An unexpected pass,
// for which KTAP 1 has no directive, is "not ok" below a diagnostic line. With two kernels, a
// failure that the series is there to mend is "ok ... # XFAIL without the series".
std::string ktap(const Results& results, const TreeResults& tree);

}  // namespace runner
