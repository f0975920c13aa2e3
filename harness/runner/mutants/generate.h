// SPDX-License-Identifier: GPL-2.0-only
// Generated mutants: every change that a rule makes to what a series adds to the kernel's code.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner/kernels/series.h"

namespace runner {

// A file of the kernel with a series applied.
struct PatchedFile {
  std::string name;  // "fs/overlayfs/super.c"
  std::string text;
  std::map<std::size_t, std::string> added;  // numbers of added lines, from 1, with their series
};

struct GeneratedMutant {
  // "gen-a-sync.c-syncfs-delete-2": the series up to '-', the file, the function, the rule, and
  // which of those that are alike so far, from 1. It is the same as long as that code is.
  std::string name;
  std::string mistake;  // one sentence
  std::string file;     // "fs/sync.c"
  std::string text;     // of the whole file with the mistake, which has as many lines as without
};

// The C files that a series changes, in the order of their names. pristine: the source without it.
// Throws Failure (environment) if there is no diff(1).
std::vector<PatchedFile> patchedFiles(const std::filesystem::path& pristine,
                                      const std::filesystem::path& patched, const Series& series);

// The mutants of a file, in the order of its lines. The same input gives the same mutants.
std::vector<GeneratedMutant> mutantsOf(const PatchedFile& file);
std::vector<GeneratedMutant> mutantsOf(const std::vector<PatchedFile>& files);

// Those that a filter matches: words separated by ':', each a pattern of names ("gen-a-*") or a
// part of a name ("errno"); empty matches all. Throws Failure (usage) if it matches none.
std::vector<GeneratedMutant> chosenMutants(const std::vector<GeneratedMutant>& mutants,
                                           std::string_view filter);

// The mutant as a patch: `before` is the text of its file without the mistake.
std::string patchOf(const GeneratedMutant& mutant, std::string_view before);

}  // namespace runner
