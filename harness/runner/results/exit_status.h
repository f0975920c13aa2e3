// SPDX-License-Identifier: GPL-2.0-only
// The exit status of a whole run, of one tree or several.
#pragma once

#include "runner/base/failure.h"
#include "runner/results/results.h"

namespace runner {

// Not an ExitStatus: standard output was closed before everything was written (128 + SIGPIPE, as in
// shells). An interrupted run ends with 128 + the signal.
inline constexpr int kOutputClosedStatus = 141;

// True with two kernels (--series both) if no case fails without the series and passes with it.
bool provesNothing(const TreeResults& tree);

// The status of the worst verdict. With two kernels, expected failures without the series
// (isExpectedFailure()) do not count, but if the series fixes none, nothing was proven (fail).
// Everything else counts as always: a failure of the bare filesystem, a panic. A tree without a
// kernel has the status of its failure.
ExitStatus judge(const TreeResults& tree);

// The status of the worst tree. A tree without a kernel is the worst: nothing is known about it.
ExitStatus judge(const Results& results);

// The status of one shard of a comparison: failed cases mean nothing yet, but a panic, a splat or a
// lost machine does.
ExitStatus judgePart(const Results& part);

}  // namespace runner
