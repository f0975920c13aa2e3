// SPDX-License-Identifier: GPL-2.0
// Findings: what `series check` has to say about one patch, and what it may say all the same, each
// with its reason: patches/exceptions.toml.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// What is checked, in the order of the columns.
enum class Check {
  applies,     // to the newest release of its tree
  checkpatch,  // checkpatch.pl --strict
  builtIn,     // overlayfs, or a test for upstream, built in, W=1, for the host; linked
  module,      // as a module, W=1; modpost has all symbols
  off,         // without it, W=1
  sparse,
  doc,   // kernel-doc
  bits,  // built in, W=1, for the host's 32-bit kin
  suite  // boots, and says what it said before or what it has to
};

inline constexpr std::array kChecks = {Check::applies, Check::checkpatch, Check::builtIn,
                                       Check::module,  Check::off,        Check::sparse,
                                       Check::doc,     Check::bits,       Check::suite};

// "checkpatch", "32-bit": for the table and for --only.
std::string_view nameOf(Check check);

struct Finding {
  Check check = Check::applies;
  bool clean = false;
  std::vector<std::string> complaints = {};  // why it is not clean
  std::vector<std::string> excused = {};     // each with its reason
  bool known = false;                        // from an earlier run, of the same content
};

struct PatchFindings {
  std::string tree;        // "6.1.y"
  std::string series;      // "a-syncfs"
  std::size_t number = 0;  // in its series, from 1
  std::string subject;
  std::vector<Finding> findings;  // in the order of the checks; what was not asked for is not there

  bool clean() const;
};

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
