// SPDX-License-Identifier: GPL-2.0
// What compilers and checkers say about the source at one patch of a series.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/build.h"
#include "series/check/finding.h"

namespace runner {

// What checkpatch.pl --strict says about a stored patch, a complaint each, with its type:
// "WARNING:LONG_LINE: ...". The patch is shown as somebody would send it, written and signed off.
// source: a kernel's. Throws Failure (environment) when it cannot be run.
std::vector<std::string> checkpatch(const std::filesystem::path& patch,
                                    const std::filesystem::path& source);

// Lines without what moves when a line is added above: "fs/sync.c: warning: ...". Each as often as
// it is said: the second of a kind in a file is new when the first was there before. Those of a
// header stand once.
using Remarks = std::multiset<std::string>;

// The warnings and errors in the output of make, sparse or kernel-doc. source: its path is cut off.
Remarks remarksIn(const std::vector<std::string>& lines, const std::filesystem::path& source);

// An error for each of these objects ("fs/sync.o") that is not below the directory, although all
// that was there before is gone: what nobody compiles has no warnings.
Remarks notCompiled(const std::filesystem::path& directory, const std::set<std::string>& objects);

// A small kernel is compiled again and again: for the host with what is checked built in, as a
// module and without it, and for its 32-bit kin with it. Not thread-safe.
class CompileCheck {
 public:
  struct Place {
    std::filesystem::path source;     // the series' tree: nothing is written into it
    std::filesystem::path directory;  // where make works
    std::vector<std::filesystem::path> fragments;
    std::string option;      // what is checked: built in, a module and off
    bool has_option = true;  // false: the source does not know it yet
    // What the patches of the whole tree change: "fs/sync.c". What the source does not have yet is
    // not looked at.
    std::set<std::string> touched;
  };

  CompileCheck(Place place, const Cache& cache, Progress& progress);

  // Forgets what was compiled, so that all of it is heard of again.
  void forget();
  // What is said about the source as it is now, by check; those that were asked for among built-in,
  // module, off, sparse, kernel-doc and 32-bit. At least the files that patches touch are compiled
  // anew. A kernel that does not build has that as a remark. Throws Failure (environment) for a
  // missing tool or a full disk, and Interrupted.
  std::map<Check, Remarks> run(const std::set<Check>& wanted);

  // What the answers depend on, beside the source: compiler and checkers.
  static std::string tools();

 private:
  // architecture: ARCH= of the kernel that is compiled.
  Remarks build(const std::string& architecture, const std::string& value);
  Remarks make(const std::string& architecture, const std::vector<std::string>& targets,
               const std::string& title);
  void configure(const std::string& architecture, const std::string& value);
  void removeObjects(const std::filesystem::path& directory) const;
  Remarks sparse();
  Remarks kernelDoc() const;
  // Those of the touched files: "fs/sync.o", "fs/overlayfs/super.o".
  std::set<std::string> objects() const;
  // What make knows them by: "fs/sync.o", "fs/overlayfs/".
  std::set<std::string> targets() const;

  const architectures::Architecture& host_ = hostArchitecture();
  Place place_;
  const Cache& cache_;
  Progress& progress_;
};

}  // namespace runner
