// SPDX-License-Identifier: GPL-2.0-only
// Reports on a run of mutants.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "runner/base/style.h"
#include "runner/mutants/judgement.h"
#include "runner/results/results.h"

namespace runner {

struct MutantRun {
  std::string version;    // of this project
  KernelIdentity kernel;  // the series without a mutant, on which every case passed
  std::string machine;    // "User-Mode Linux"
  std::vector<std::string> notes;
  std::vector<MutantResult> results;
  std::size_t built = 0;  // images that were made
  std::chrono::milliseconds building{0}, total{0};
};

// "killed by A8.NoFalseReport/overlay and 5 more", "SURVIVED, as no case failed: no case of A9 was
// run".
std::string inWords(const MutantResult& result);

// For a terminal: the kernel, a line or two for each mutant, the count. reports: the directory with
// the reports.
std::string mutantTable(const MutantRun& run, const std::string& reports, const Style& style);

// The table of Documentation/mutants.md.
std::string mutantMarkdown(const MutantRun& run);

// Everything, with every case that caught a mutant.
std::string mutantJson(const MutantRun& run);

// For --list and --json: names, requirements and mistakes; for --json also the files.
std::string mutantList(const std::vector<Mutant>& mutants, const Style& style);
std::string mutantListJson(const std::vector<Mutant>& mutants);

}  // namespace runner
