// SPDX-License-Identifier: GPL-2.0-only
// MutantBuild: builds mutants in a source tree and a build directory of its own, each from what
// differs: it compiles the objects that depend on a file, and links.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/build.h"
#include "runner/mutants/mutant_source.h"

namespace runner {

// A command in a .cmd file of kbuild, "savedcmd_fs/sync.o := gcc ...", for a shell; empty if there
// is none.
std::string savedCommand(const std::filesystem::path& file);

class MutantBuild {
 public:
  struct Result {
    enum class Kind {
      image,      // it was linked
      invalid,    // it does not compile; detail: the first error
      identical,  // every object is the same as without the mistake
    };
    Kind kind = Kind::image;
    std::string detail;
  };

  // Builds the kernel without a mutant. request: its source is a MutantSource, its directory is
  // kept for the next time. Throws what buildKernel() throws, and Failure (build) if the command
  // that links the kernel cannot be found out.
  MutantBuild(const BuildRequest& request, const Cache& cache, Progress& progress);

  // Links the kernel without a mutant to that file, as build() does with one.
  void link(const std::filesystem::path& image) const;
  // Links the kernel with the mutant to that file. Afterwards source and objects are as before.
  // Throws Failure (build) if it does not link, environment for a full disk, and Interrupted.
  Result build(const ChangedFiles& mutant, const std::filesystem::path& image) const;

 private:
  void findOutHowToLink(const BuildRequest& request, Progress& progress);
  void findObjects();
  std::optional<std::string> compile(const std::vector<std::string>& objects) const;
  sys::Exit run(const std::string& command, std::string& output) const;

  const std::filesystem::path source_, directory_;
  const Cache& cache_;
  std::string link_;
  // By file below the source, the objects that depend on it, below the build directory.
  std::map<std::string, std::vector<std::string>> objects_;
};

}  // namespace runner
