// SPDX-License-Identifier: GPL-2.0
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
  killed_by_others,  // by cases of other requirements only: its own has a hole
  survived,
  not_built,
  not_run,  // it is of another release or needs a debug kernel, or no case can tell on this one
};

struct MutantResult {
  Mutant mutant;
  Fate fate = Fate::survived;
  std::string detail;  // why it was not built or not run, and what happened besides
  // What caught it, in the order of the run: cases of the requirements that it breaks, or what
  // befell the machine, then without a name; and cases of other requirements.
  std::vector<CaseResult> own = {}, others = {};
};

// machines: those that booted it. On the kernel without a mutant all cases passed.
MutantResult judgeMutant(const Mutant& mutant, const std::vector<MachineResult>& machines);
// Why no mutant of these requirements can be caught where `machines` booted the kernel without one:
// all that its cases there say is a skip. Empty when one of them says more.
std::string whyNobodyCanTell(const std::vector<std::string>& requirements,
                             const std::vector<MachineResult>& machines);

// pass when each was killed by its own requirement or could not be run; build when one was not
// built; else fail.
ExitStatus judge(const std::vector<MutantResult>& results);

}  // namespace runner
