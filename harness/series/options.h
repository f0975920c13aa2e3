// SPDX-License-Identifier: GPL-2.0
// The options of `series check`, `series export` and `series tree`.
#pragma once

#include <filesystem>
#include <string>

namespace runner {

struct SeriesOptions {
  std::string trees;  // as typed; empty: of check all, of export none
  std::string with;   // as typed; empty: all series of each
  std::string only;   // of check: the checks, as typed; empty: all
  // Of export: where the series goes, to debian/patches of a source package, or to a git tree (or
  // one that is made for it) and to mails in a folder.
  std::filesystem::path debian, git, to;
  std::filesystem::path folder;  // of tree: where it is made
  std::string base;              // the commit in the git tree; empty: what is checked out
};

}  // namespace runner
