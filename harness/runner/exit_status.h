// SPDX-License-Identifier: GPL-2.0
// The exit status of a whole run.
#pragma once

#include "runner/failure.h"
#include "runner/results.h"

namespace runner {

// Beyond ExitStatus, as shells have it: standard output was closed before everything was written
// (128 + SIGPIPE). An interrupted run ends with 128 + the signal.
inline constexpr int kOutputClosedStatus = 141;

// That of the worst verdict. With two kernels (--series both) the run with the series is judged.
// The run without it has to fail somewhere, or nothing was proven (fail), and it must get to its
// end: a panic, a timeout or a lost machine there counts as always.
ExitStatus judge(const RunResults& results);

}  // namespace runner
