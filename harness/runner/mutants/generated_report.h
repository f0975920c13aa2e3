// SPDX-License-Identifier: GPL-2.0-only
// Reports on a run of generated mutants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/base/style.h"
#include "runner/mutants/generated_judgement.h"

namespace runner {

// "killed", "survived": in reports.
std::string_view nameOf(GeneratedFate fate);

// For a terminal: the kernel, every mutant that was not killed, the counts. reports: the directory
// with the reports.
std::string generatedTable(const GeneratedRun& run, const std::string& reports, const Style& style);
// Everything.
std::string generatedJson(const GeneratedRun& run);

// For --list and --json: names and mistakes; for --json also the patches. files: those of the
// mutants.
std::string generatedList(const std::vector<GeneratedMutant>& mutants, const Style& style);
std::string generatedListJson(const std::vector<GeneratedMutant>& mutants,
                              const std::vector<PatchedFile>& files);

}  // namespace runner
