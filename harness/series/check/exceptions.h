// SPDX-License-Identifier: GPL-2.0
// What a check may say about a patch all the same, each with its reason: patches/exceptions.toml.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "series/check/finding.h"

namespace runner {

struct Exception {
  std::string check;   // "checkpatch"
  std::string patch;   // a glob pattern: "*/c-volatile-reuse/0002-*"
  std::string says;    // a part of the complaint: "FILE_PATH_CHANGES"
  std::string reason;  // in words

  // name: as nameOfPatch() has it.
  bool isFor(Check check, std::string_view name) const;
};

// Throws Failure (build) with file and line for what cannot be read.
std::vector<Exception> readExceptions(const std::filesystem::path& file);

// How exceptions name a patch: "6.1.y/a-syncfs/0001-fs.patch". The tree is the one that is looked
// at, whose checkers speak, wherever the patch lies.
std::string nameOfPatch(const std::string& tree, const std::filesystem::path& patch);

// A finding made of complaints about a patch, by the name that exceptions have for it: clean when
// each of them is excused.
Finding findingOf(Check check, std::string_view patch, const std::vector<std::string>& complaints,
                  const std::vector<Exception>& exceptions);

}  // namespace runner
