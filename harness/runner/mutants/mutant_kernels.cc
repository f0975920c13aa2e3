// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/mutant_kernels.h"

#include <fmt/core.h>

#include "runner/base/disk_space.h"
#include "runner/kernels/build.h"
#include "runner/kernels/source.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

fs::path directoryFor(const KernelRequest& request, const Tree& tree, const Series& series,
                      const Cache& cache) {
  return cache.directory(
      fmt::format("build/{}-{}-mutants{}-uml", tree.name, series.label(), variantOf(request)));
}

// Of another release, nothing is of use.
const fs::path& cleaned(const fs::path& directory, const Kernel& kernel) {
  const fs::path release = directory / "release";
  if (fs::exists(release) && readFile(release) != kernel.identity.release) {
    fs::remove_all(directory / "source");
    fs::remove_all(directory / "build");
  }
  writeFileAtomically(release, kernel.identity.release);
  return directory;
}

BuildRequest buildRequest(const KernelRequest& request, const Kernel& kernel, const Tree& tree,
                          const fs::path& source, const fs::path& directory) {
  return {.source = source,
          .directory = directory / "build",
          .fragments = tree.fragments(*request.architecture, request.lane, request.smp),
          .configuration_key = kernel.identity.key,
          .architecture = *request.architecture,
          .name = fmt::format("linux {} for mutants", kernel.identity.release)};
}

}  // namespace

std::string variantOf(const KernelRequest& request) {
  return (request.lane.empty() ? "" : '-' + request.lane) + (request.smp ? "-smp" : "");
}

MutantKernels::MutantKernels(const KernelRequest& request, const Kernel& kernel, const Tree& tree,
                             const Series& series, const Cache& cache, Progress& progress)
    : directory_(directoryFor(request, tree, series, cache)),
      held_(lockTree(directory_.filename().string(), cache, progress)),
      source_(tree, series, cleaned(directory_, kernel), kernel.identity.key, cache, progress),
      build_(buildRequest(request, kernel, tree, source_.path(), directory_), cache, progress) {}

}  // namespace runner
