// SPDX-License-Identifier: GPL-2.0
// JUnit XML, as the usual forges read it.
#pragma once

#include <string>

#include "runner/results/results.h"

namespace runner {

// Of one tree: one testsuite for each machine. fail and xpass are <failure>; timeout, panic, splat,
// lost and error are <error> with the verdict as type; skip and xfail are <skipped>. What befell a
// machine outside of its cases is a testcase named "machine". With two kernels, suite and class
// names say the side, and a failure that the series is there to mend is <skipped>.
std::string junit(const Results& results, const TreeResults& tree);

}  // namespace runner
