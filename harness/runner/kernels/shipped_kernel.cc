// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/shipped_kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "runner/kernels/image_config.h"
#include "runner/kernels/module_tree.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/package.h"
#include "runner/kernels/split_package.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

bool isThere(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// A build tree has such files, too, but the modules in it are not installed.
bool isModuleDirectory(const fs::path& directory) {
  if (isThere(directory / "Kbuild")) return false;
  return isThere(directory / "modules.order") || isThere(directory / "modules.dep") ||
         isThere(directory / "modules.builtin") || isThere(directory / "kernel");
}

// The modules of a release in or below a directory; empty if they are not there.
fs::path moduleDirectoryIn(const fs::path& directory, const std::string& release) {
  std::vector<fs::path> places;
  if (!release.empty()) {
    for (const char* above : {"", "lib/modules", "usr/lib/modules"}) {
      places.push_back(directory / above / release);
    }
  }
  places.push_back(directory);
  for (const fs::path& place : places) {
    if (isModuleDirectory(place)) return place.lexically_normal();
  }
  return {};
}

// The modules of an installed image: of /boot/vmlinuz-V or of /lib/modules/V/vmlinuz. Empty for an
// image elsewhere.
fs::path modulesBeside(const fs::path& image, const std::string& release) {
  fs::path directory = image.parent_path();
  if (release.empty()) return {};
  if (directory.filename() == release && isModuleDirectory(directory)) return directory;
  const fs::path root = directory.parent_path();
  for (const char* modules : {"lib/modules", "usr/lib/modules"}) {
    if (isModuleDirectory(root / modules / release)) return root / modules / release;
  }
  return {};
}

std::string configOf(const KernelFiles& kernel) {
  std::vector<fs::path> places = {kernel.image.parent_path() / ("config-" + kernel.release)};
  if (!kernel.modules.empty()) places.push_back(kernel.modules / "config");
  for (const fs::path& place : places) {
    if (std::string config = readFile(place); !config.empty()) return config;
  }
  return configInImage(kernel.image);
}

std::vector<fs::path> filesIn(const fs::path& directory, const std::string& beginning) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().filename().native().starts_with(beginning)) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// The image in an unpacked package that QEMU can boot; nothing if it has none. Throws Failure
// (usage), which says what there is instead.
std::optional<OwnKernel> imageIn(const fs::path& root, const fs::path& package) {
  std::vector<fs::path> candidates = filesIn(root / "boot", "vmlinuz");
  for (const fs::path& modules : filesIn(root / "lib/modules", "")) {
    if (isThere(modules / "vmlinuz")) candidates.push_back(modules / "vmlinuz");
  }
  for (const fs::path& plain : filesIn(root / "boot", "vmlinux")) candidates.push_back(plain);
  std::optional<Failure> why;
  for (const fs::path& candidate : candidates) {
    const std::string inside = candidate.lexically_relative(root);
    try {
      OwnKernel image =
          recogniseKernel(candidate, fmt::format("{}: its {}", package.string(), inside));
      if (image.architecture != nullptr && image.architecture->qemu) return image;
    } catch (const Failure& failure) {
      if (!why) why = failure;
    }
  }
  if (why) throw *why;
  return std::nullopt;
}

std::string absentInWords(const SplitPackage& split) {
  if (split.absent.empty()) return {};
  return fmt::format(" It depends on packages that are not in {}: {}. Put them there.",
                     split.files.front().parent_path().string(), listed(split.absent));
}

KernelFiles filesOfPackage(const fs::path& package, const fs::path& modules, const Cache& cache,
                           Progress& progress) {
  SplitPackage split = findSplitPackage(package);
  const bool modules_packed = isPackage(modules);
  if (modules_packed) {
    for (const fs::path& each : findSplitPackage(modules).files) split.files.push_back(each);
  }
  const fs::path root = unpackedPackages(split.files, cache, progress);
  const auto image = imageIn(root, package);
  if (!image) {
    throw Failure(ExitStatus::usage, "{} has no kernel in /boot or /lib/modules.{}",
                  package.string(), absentInWords(split));
  }
  KernelFiles files;
  files.image = image->path;
  files.architecture = image->architecture;
  files.release = image->release;
  if (modules.empty() || modules_packed) {
    files.modules = moduleDirectoryIn(root, image->release);
    const bool any = !files.modules.empty() && isThere(files.modules / "kernel");
    if (!any && !split.absent.empty()) {
      throw Failure(ExitStatus::usage, "{} has no modules.{}", package.string(),
                    absentInWords(split));
    }
  }
  std::vector<std::string> names;
  for (const fs::path& file : split.files) names.push_back(file.filename());
  files.source = listed(names);
  return files;
}

// What --modules names: a directory or a package with the modules of that release.
fs::path modulesNamed(const fs::path& named, const std::string& release, const Cache& cache,
                      Progress& progress) {
  std::error_code error;
  const fs::path place = isPackage(named)
                             ? unpackedPackages(findSplitPackage(named).files, cache, progress)
                             : fs::canonical(named, error);
  if (error) {
    throw Failure(ExitStatus::usage, "--modules {}: {}", named.string(), error.message());
  }
  fs::path modules = moduleDirectoryIn(place, release);
  if (modules.empty()) {
    throw Failure(ExitStatus::usage,
                  "--modules {}: there are no modules of {} (neither there nor in {}, "
                  "lib/modules/{} or usr/lib/modules/{} below it)",
                  named.string(), release.empty() ? "this kernel" : release, release, release,
                  release);
  }
  const std::string theirs = releaseOfModules(modules);
  if (!release.empty() && !theirs.empty() && theirs != release) {
    throw Failure(ExitStatus::usage,
                  "--modules {}: these modules are for Linux {}, but the kernel is {}: name the "
                  "modules of {}",
                  named.string(), theirs, release, release);
  }
  return modules;
}

}  // namespace

KernelFiles findKernelFiles(const fs::path& image_or_package, const fs::path& modules,
                            const Cache& cache, Progress& progress) {
  KernelFiles files;
  if (isPackage(image_or_package)) {
    files = filesOfPackage(image_or_package, modules, cache, progress);
  } else {
    const OwnKernel image = recogniseKernel(image_or_package);
    files = {.image = image.path,
             .architecture = image.architecture,
             .release = image.release,
             .source = image.path.string()};
    if (modules.empty()) files.modules = modulesBeside(image.path, image.release);
  }
  if (!modules.empty() && files.modules.empty()) {
    files.modules = modulesNamed(modules, files.release, cache, progress);
    files.source += ", modules of " + modules.string();
  }
  files.config = configOf(files);
  if (!files.modules.empty()) {
    const std::string release =
        files.release.empty() ? files.modules.filename().string() : files.release;
    files.modules = withDependencies(files.modules, release, cache, progress);
  }
  return files;
}

}  // namespace runner
