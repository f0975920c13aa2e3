// SPDX-License-Identifier: GPL-2.0-only
// Judgement of generated mutants: whether the suite noticed the mistake, and what that means for
// the list of equivalent ones.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/failure.h"
#include "runner/mutants/generate.h"
#include "runner/results/results.h"

namespace runner {

enum class GeneratedFate {
  killed,
  invalid,     // it does not compile
  identical,   // its object code is that of the kernel without the mistake
  equivalent,  // it survived, and the list says why
  survived,
  killed_as_listed,  // it was killed, although the list says that it cannot be
};

struct GeneratedResult {
  GeneratedMutant mutant;
  GeneratedFate fate = GeneratedFate::survived;
  std::string detail = {};  // what killed it, why it is invalid or equivalent
  std::chrono::milliseconds building{0}, booting{0};
};

struct GeneratedRun {
  std::string version;    // of this project
  KernelIdentity kernel;  // without a mutant
  std::string machine;    // "User-Mode Linux"
  std::vector<std::string> filesystems;
  std::vector<std::string> notes;
  std::vector<GeneratedResult> results;
  std::vector<std::string> stale;  // names in the list that no mutant has
  std::chrono::milliseconds total{0};
};

// The fate of a mutant that booted: what killed it, if anything, and what the list says about it.
void settle(GeneratedResult& result, const std::optional<CaseResult>& kill,
            const std::map<std::string, std::string>& equivalents);

// fail if one survived that is not listed, if a listed one was killed, or if the list is stale.
ExitStatus judge(const GeneratedRun& run);

}  // namespace runner
