// SPDX-License-Identifier: GPL-2.0
#include "runner/run/wanted_kernels.h"

#include <fmt/core.h>

#include <filesystem>

#include "runner/base/failure.h"
#include "runner/kernels/make.h"
#include "runner/kernels/own_kernel.h"
#include "runner/run/wanted_machine.h"
#include "sys/shell_word.h"

namespace runner {
namespace {

void checkMachine(const KernelOptions& options, const std::filesystem::path& image,
                  const architectures::Architecture& architecture) {
  constexpr auto kUml = qemu::Kind::userModeLinux;
  const qemu::Kind needed = qemu::machineFor(architecture).kind;
  if (!options.machine || (options.machine == kUml) == (needed == kUml)) return;
  throw Failure(ExitStatus::usage,
                fmt::format("{} is a kernel for {}: omit --machine, or use --machine {}",
                            image.string(), architecture.title, qemu::nameOf(needed)));
}

// virtme-ng puts the path into a command line for a shell, as it is.
std::string plainPath(const std::filesystem::path& named) {
  std::error_code error;
  std::string path = std::filesystem::canonical(named, error).string();
  if (error) return named.string();  // recogniseKernel() says why
  if (sys::shellWord(path) == path) return path;
  throw Failure(
      ExitStatus::usage,
      fmt::format("--machine vng: virtme-ng cannot boot {} because it does not quote paths: "
                  "name one without blanks or other special characters",
                  path));
}

// Nothing is built for virtme-ng here: our own kernels lack what it wants.
std::string builtImage(const std::filesystem::path& named) {
  std::string path = plainPath(named);
  if (recogniseKernel(path).kind == OwnKernel::Kind::image) return path;
  throw Failure(
      ExitStatus::usage,
      fmt::format("--machine vng boots a built kernel, but {} is a source: unpack it, run "
                  "`vng --build` there, and name that directory",
                  path));
}

// The kernel that virtme-ng boots: the user's image, or the one that `vng --build` has left in
// their tree. Without --machine vng, what was named.
std::string kernelNamed(const KernelOptions& options) {
  if (options.machine != qemu::Kind::vng) return options.tree;
  if (!isOwnKernel(options.tree)) {
    throw Failure(
        ExitStatus::usage,
        fmt::format("--machine vng boots a kernel of your own, but '{}' is built for plain "
                    "QEMU: name a tree in which `vng --build` was run, or an image, "
                    "with --tree, or use --machine qemu",
                    options.tree));
  }
  std::error_code error;
  const std::filesystem::path folder = options.tree;
  if (!std::filesystem::is_directory(folder, error)) return builtImage(folder);
  const std::string& boot_image = hostArchitecture().boot_image;
  const std::filesystem::path image = folder / boot_image;
  if (std::filesystem::exists(image, error)) return builtImage(image);
  throw Failure(ExitStatus::usage,
                fmt::format("{} has no built kernel: run `vng --build` there, which creates {}",
                            options.tree, boot_image));
}

void checkSeries(const KernelOptions& options) {
  if (!isOwnKernel(options.tree)) return;
  if (!options.with.empty() || options.patches) {
    const char* option = options.patches ? "--patches" : "--with";
    throw Failure(ExitStatus::usage,
                  fmt::format("{0}: {1} is your own kernel; no series is applied to it. Omit {0}",
                              option, options.tree));
  }
  if (options.series != SeriesChoice::both) return;
  throw Failure(ExitStatus::usage,
                fmt::format("--series both: {} is your own kernel, which is tested as it is; "
                            "test each of your images in a run of its own",
                            options.tree));
}

}  // namespace

void checkOwnKernel(const KernelOptions& options) {
  checkSeries(options);
  const OwnKernel own = recogniseKernel(kernelNamed(options));
  if (own.kind == OwnKernel::Kind::image) checkMachine(options, own.path, *own.architecture);
}

std::vector<Kernel> provideKernels(const KernelOptions& options, const Project& project,
                                   const Cache& cache, Progress& progress) {
  checkSeries(options);
  KernelRequest request;
  request.tree = kernelNamed(options);
  request.with = options.with;
  request.first_patches = options.patches;
  request.architecture = &architectureFor(options, project, progress);
  request.debug = options.debug;
  request.smp = options.smp;
  request.project = project.root;
  std::vector<Kernel> kernels;
  for (const bool series_on : {false, true}) {
    if (series_on ? options.series == SeriesChoice::off : options.series == SeriesChoice::on)
      continue;
    request.series_on = series_on;
    kernels.push_back(provideKernel(request, cache, progress));
    checkMachine(options, kernels.back().image, *kernels.back().machine.architecture);
    if (options.machine == qemu::Kind::vng) kernels.back().machine.kind = qemu::Kind::vng;
  }
  return kernels;
}

std::filesystem::path provideSource(const KernelOptions& options, const Project& project,
                                    const Cache& cache, Progress& progress) {
  KernelRequest request;
  request.tree = options.tree;
  request.with = options.with;
  request.first_patches = options.patches;
  request.series_on = options.series != SeriesChoice::off;
  request.project = project.root;
  return provideSource(request, cache, progress);
}

}  // namespace runner
