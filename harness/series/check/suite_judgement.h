// SPDX-License-Identifier: GPL-2.0
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

// The verdict of each case by its full name; what befell a machine as a whole is a case named after
// its filesystem.
using Verdicts = std::map<std::string, Verdict>;

Verdicts verdictsOf(const std::vector<MachineResult>& machines);

struct PatchInSeries {
  bool last = false;  // of its series
  // Requirements of series that are not on the kernel: their cases may fail.
  std::vector<std::string> of_others;
};

// Where the patch of that index is in its series. whole: on the tree are all series that it has, so
// that its last patch leaves no requirement to others; else one leaves those of the series in
// `entries` that have not come yet.
PatchInSeries placeOf(const std::vector<PatchFindings>& patches, std::size_t index, bool whole,
                      const std::vector<SeriesEntry>& entries);

// Why the patch is not as it should be: a case that it breaks, one that befalls the machine, and
// with the last patch of a series one that still fails. Empty: nothing is wrong.
std::vector<std::string> complaintsOf(const Verdicts& without, const Verdicts& with,
                                      const PatchInSeries& patch);

// Those of these complaints that are of cases which pass without the patch and fail with it.
std::vector<std::string> complaintsOfBroken(const Verdicts& without, const Verdicts& with);

// Takes the verdict of another run of the same kernel for each case that passed in this one and
// fails in that: whether it passes is not settled there.
void keepFailuresOf(const Verdicts& again, Verdicts& verdicts);

// Why a whole series shows nothing: no case fails before it and passes with it. Empty: one does.
std::vector<std::string> complaintsOfSeries(const Verdicts& without, const Verdicts& with);

}  // namespace runner
