// SPDX-License-Identifier: GPL-2.0-only
// Judgement: whether a mutant was caught, and by what.
#pragma once

#include <string>
#include <vector>

#include "runner/base/failure.h"
#include "runner/mutants/mutant.h"
#include "runner/results/results.h"

namespace runner {

enum class Fate {
  killed,            // by a case of a requirement that it breaks
  killed_by_others,  // only by cases of other requirements: its own have a gap
  survived,
  not_built,
  not_run,  // for another release, needs a debug kernel, or all its cases are skipped
};

struct MutantResult {
  Mutant mutant;
  Fate fate = Fate::survived;
  std::string detail;  // why it was not built or not run, or what else happened
  // What caught it, in the order of the run: cases of the requirements that it breaks, including
  // verdicts of the machine (without a case name); and cases of other requirements.
  std::vector<CaseResult> own = {}, others = {};
};

// machines: those that booted the mutant. All cases passed on the kernel without it.
MutantResult judgeMutant(const Mutant& mutant, const std::vector<MachineResult>& machines);
// Why no mutant of these requirements can be caught: on `machines`, which booted the kernel without
// a mutant, all their cases were skipped. Empty if one was not.
std::string whyUndetectable(const std::vector<std::string>& requirements,
                            const std::vector<MachineResult>& machines);

// pass if each was killed by its own requirement or could not be run; build if one did not build;
// else fail.
ExitStatus judge(const std::vector<MutantResult>& results);

}  // namespace runner
