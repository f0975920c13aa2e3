// SPDX-License-Identifier: GPL-2.0-only
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
// "WARNING:LONG_LINE: ...". It is given the patch as it would be sent, with author and sign-off.
// source: a kernel tree. Throws Failure (environment) if checkpatch cannot be run.
std::vector<std::string> checkpatch(const std::filesystem::path& patch,
                                    const std::filesystem::path& source);

// Warnings and errors without line numbers, which change when a line is added above: "fs/sync.c:
// warning: ...". A multiset, because a second one of a kind in a file is new if there was one
// before. Those of a header count once.
using Remarks = std::multiset<std::string>;

// The warnings and errors in the output of make, sparse or kernel-doc. source: a path to strip.
Remarks remarksIn(const std::vector<std::string>& lines, const std::filesystem::path& source);

// An error for each of these objects ("fs/sync.o") that the build did not create below the
// directory, where there was none before: a file that is not compiled has no warnings.
Remarks notCompiled(const std::filesystem::path& directory, const std::set<std::string>& objects);

// Compiles a small kernel repeatedly: for the host, with the checked code built in, as a module and
// left out, and for the host's 32-bit counterpart with the code built in. Not thread-safe.
class CompileCheck {
 public:
  struct Place {
    std::filesystem::path source;     // the series' tree: nothing is written into it
    std::filesystem::path directory;  // where make builds
    std::vector<std::filesystem::path> fragments;
    std::string option;      // of the checked code: built in, a module and off
    bool has_option = true;  // false: the source does not know it yet
    // The files that the patches of the whole tree change: "fs/sync.c". Those that the source does
    // not have yet are skipped.
    std::set<std::string> touched;
  };

  CompileCheck(Place place, const Cache& cache, Progress& progress);

  // Removes the object files, so that all warnings are reported again.
  void forget();
  // The remarks about the current source, by check: those of the wanted checks among built-in,
  // module, off, sparse, kernel-doc and 32-bit. At least the files that patches touch are
  // recompiled. A kernel that does not build has that as a remark. Throws Failure (environment) for
  // a missing tool or a full disk, and Interrupted.
  std::map<Check, Remarks> run(const std::set<Check>& wanted);

  // What the answers depend on besides the source: compiler and checkers.
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
  // The objects of the touched files: "fs/sync.o", "fs/overlayfs/super.o".
  std::set<std::string> objects() const;
  // The make targets for them: "fs/sync.o", "fs/overlayfs/".
  std::set<std::string> targets() const;

  const architectures::Architecture& host_ = hostArchitecture();
  Place place_;
  const Cache& cache_;
  Progress& progress_;
};

}  // namespace runner
