// SPDX-License-Identifier: GPL-2.0-only
// Findings: what `series check` reports about one patch, and the complaints that are accepted, each
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
  bits,  // built in, W=1, for the host's 32-bit counterpart
  suite  // boots; no case regresses, and a complete series works
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
  bool known = false;                        // from an earlier run, for the same content
};

struct PatchFindings {
  std::string tree;        // "6.1.y"
  std::string series;      // "a-syncfs"
  std::size_t number = 0;  // in its series, from 1
  std::string subject;
  std::vector<Finding> findings;  // in the order of the checks; only what was asked for

  bool clean() const;
};

struct Exception {
  std::string check;   // "checkpatch"
  std::string patch;   // a glob pattern: "*/c-volatile-reuse/0002-*"
  std::string says;    // a part of the complaint: "FILE_PATH_CHANGES"
  std::string reason;  // in words

  // name: from nameOfPatch().
  bool isFor(Check check, std::string_view name) const;
};

// Throws Failure (build) with file and line for what cannot be read.
std::vector<Exception> readExceptions(const std::filesystem::path& file);

// How exceptions name a patch: "6.1.y/a-syncfs/0001-fs.patch". The tree is the one that is checked,
// even if another tree's directory has the patch.
std::string nameOfPatch(const std::string& tree, const std::filesystem::path& patch);

// The finding that complaints about a patch amount to: clean if each of them is excused. patch: the
// name that exceptions use.
Finding findingOf(Check check, std::string_view patch, const std::vector<std::string>& complaints,
                  const std::vector<Exception>& exceptions);

}  // namespace runner
