// SPDX-License-Identifier: GPL-2.0
// The exit status of a whole run, of one tree or several.
#pragma once

#include "runner/base/failure.h"
#include "runner/results/results.h"

namespace runner {

// Beyond ExitStatus, as shells have it: standard output was closed before everything was written
// (128 + SIGPIPE). An interrupted run ends with 128 + the signal.
inline constexpr int kOutputClosedStatus = 141;

// True with two kernels (--series both) when no case fails without the series and passes with it.
bool provesNothing(const TreeResults& tree);

// That of the worst verdict. With two kernels, failures without the series that are what it is for
// (isExpectedFailure) do not count, and when there are none that the series mends, nothing was
// proven (fail). Everything else counts as always: a failure of the bare filesystem, a panic.
// A tree without a kernel has the status of that failure.
ExitStatus judge(const TreeResults& tree);

// That of the worst tree. Worst is one without a kernel: nothing at all is known about it.
ExitStatus judge(const Results& results);

// That of one shard of a comparison: a case that fails says nothing yet, what befalls a machine
// does.
ExitStatus judgePart(const Results& part);

}  // namespace runner
