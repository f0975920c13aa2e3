// SPDX-License-Identifier: GPL-2.0-only
// What the verdicts of the suite say about one patch of a series.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner/kernels/trees.h"
#include "runner/results/results.h"
#include "series/check/finding.h"

namespace runner {

// The verdict of each case by its full name; what happened to a machine as a whole, such as a
// panic, is a case named after its filesystem.
using Verdicts = std::map<std::string, Verdict>;

Verdicts verdictsOf(const std::vector<MachineResult>& machines);

struct PatchInSeries {
  bool last = false;  // of its series
  // Requirements of series that the kernel does not have: their cases may fail.
  std::vector<std::string> of_others;
};

// The place of a patch, given by its index, in its series. whole: the tree has all of its series
// applied, so its last patch leaves no requirement to others; otherwise a patch leaves those of the
// series in `entries` that have not come yet.
PatchInSeries placeOf(const std::vector<PatchFindings>& patches, std::size_t index, bool whole,
                      const std::vector<SeriesEntry>& entries);

// What is wrong with the patch: a case that it breaks, a machine that did not finish, and, for the
// last patch of a series, a case that still fails. Empty: nothing is wrong.
std::vector<std::string> complaintsOf(const Verdicts& without, const Verdicts& with,
                                      const PatchInSeries& patch);

// Only the complaints about cases that pass without the patch and fail with it.
std::vector<std::string> complaintsOfBroken(const Verdicts& without, const Verdicts& with);

// Takes the verdict of another run of the same kernel for each case that passed in this run and
// failed in that one: it does not pass reliably.
void keepFailuresOf(const Verdicts& again, Verdicts& verdicts);

// Why a whole series, given by the place of its last patch, proves nothing: no case fails before it
// and passes with it, without needing a series that the kernel does not have. Empty: one does.
std::vector<std::string> complaintsOfSeries(const Verdicts& without, const Verdicts& with,
                                            const PatchInSeries& last);

}  // namespace runner
