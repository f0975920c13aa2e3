// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/wanted.h"

#include <fmt/format.h>

#include <filesystem>

#include "architectures/registry.h"
#include "qemu/accelerator.h"
#include "qemu/host.h"
#include "qemu/uml_host.h"
#include "qemu/uml_probe.h"
#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "runner/kernels/build.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/nearest_tree.h"
#include "runner/kernels/own_kernel.h"
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

// virtme-ng puts the path into a shell command line without quoting it.
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

// We build no kernels for virtme-ng: ours lack the options that it needs.
std::string builtImage(const std::filesystem::path& named) {
  std::string path = plainPath(named);
  const OwnKernel own = recogniseKernel(path);
  if (own.kind == OwnKernel::Kind::image) return path;
  if (own.kind == OwnKernel::Kind::package) {
    throw Failure(ExitStatus::usage,
                  "--machine vng boots an image, but {} is a package: use --machine qemu", path);
  }
  throw Failure(ExitStatus::usage,
                "--machine vng boots a built kernel, but {} is kernel source: unpack it, run `vng "
                "--build` there, and name that directory",
                path);
}

// The kernel that virtme-ng boots: the user's image, or the one that `vng --build` left in their
// tree. Without --machine vng, options.tree as it is.
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
  const std::filesystem::path directory = options.tree;
  if (!std::filesystem::is_directory(directory, error)) return builtImage(directory);
  const std::string& boot_image = hostArchitecture().boot_image;
  const std::filesystem::path image = directory / boot_image;
  if (std::filesystem::exists(image, error)) return builtImage(image);
  throw Failure(ExitStatus::usage,
                fmt::format("{} has no built kernel: run `vng --build` there, which creates {}",
                            options.tree, boot_image));
}

void checkModules(const KernelOptions& options, const OwnKernel& own) {
  if (options.modules.empty()) return;
  if (options.machine == qemu::Kind::vng || !own.isBuilt() ||
      (own.architecture != nullptr && !own.architecture->qemu)) {
    throw Failure(ExitStatus::usage,
                  "--modules {}: no modules are loaded here. The option is for an image or a "
                  "package that is booted in QEMU; what is built from source has everything built "
                  "in",
                  options.modules.string());
  }
  std::error_code error;
  if (!std::filesystem::exists(options.modules, error)) {
    throw Failure(ExitStatus::usage, "--modules {}: there is no such directory or package",
                  options.modules.string());
  }
}

void checkApply(const KernelOptions& options) {
  if (!isOwnKernel(options.tree)) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--apply: the series of '{0}' are applied without it. It is for "
                              "kernel source of your own: --tree DIR --apply {0}",
                              options.tree));
  }
  if (options.machine == qemu::Kind::vng) {
    throw Failure(ExitStatus::usage,
                  "--apply: --machine vng boots a kernel that is already built. Use --machine qemu "
                  "or uml, which build one with the series");
  }
}

void checkSeries(const KernelOptions& options) {
  if (!options.apply.empty()) return checkApply(options);
  if (!isOwnKernel(options.tree)) {
    if (options.modules.empty()) return;
    throw Failure(ExitStatus::usage,
                  "--modules is for a kernel of your own, but '{}' is one of ours", options.tree);
  }
  if (!options.with.empty() || options.patches) {
    const char* option = options.patches ? "--patches" : "--with";
    throw Failure(ExitStatus::usage,
                  fmt::format("{0}: {1} is your own kernel; no series is applied to it. Omit {0}, "
                              "or add --apply",
                              option, options.tree));
  }
  if (options.series != SeriesChoice::both) return;
  throw Failure(ExitStatus::usage,
                fmt::format("--series both: {} is your own kernel, which is tested as it is. Add "
                            "--apply to apply a series of ours to a copy of its source, or test "
                            "each of your images in a run of its own",
                            options.tree));
}

void requireVng() {
  if (hasTool("vng")) return;
  throw Failure(
      ExitStatus::environment,
      "`vng` is missing: install virtme-ng from Debian (13 or later) or from PyPI, or use "
      "--machine qemu");
}

}  // namespace

KernelRequest requestFor(const KernelOptions& options, const Project& project) {
  KernelRequest request;
  request.tree = options.tree;
  request.apply = options.apply;
  request.series_on = options.series != SeriesChoice::off;
  request.with = options.with;
  request.first_patches = options.patches;
  request.lane = options.lane;
  request.smp = options.smp;
  request.modules = options.modules;
  request.project = project.root;
  return request;
}

void checkOwnKernel(const KernelOptions& options) {
  checkSeries(options);
  const OwnKernel own =
      options.apply.empty() ? recogniseKernel(kernelNamed(options)) : recogniseSource(options.tree);
  checkModules(options, own);
  // --debug gives the guest of a built kernel more time and memory.
  if (options.lane == "distro" && own.isBuilt()) {
    throw Failure(ExitStatus::usage, "--distro: {} is {}, which is taken as it is: omit --distro",
                  own.path.string(), own.kindInWords());
  }
  if (own.kind == OwnKernel::Kind::image) checkMachine(options, own.path, *own.architecture);
  if (own.kind == OwnKernel::Kind::package) checkMachine(options, own.path, hostArchitecture());
}

KernelOptions withTreeToApply(KernelOptions options, const Project& project, const Cache& cache,
                              Progress& progress) {
  if (options.apply.empty()) return options;
  checkApply(options);
  const Trees trees = loadTrees(project.root);
  if (options.apply == kNearestTree) {
    const NearestTree nearest = nearestTreeOf(options.tree, trees, cache, progress);
    progress.note("--apply " + nearest.name + ": " + nearest.reason);
    options.apply = nearest.name;
  } else if (trees.find(options.apply) == nullptr) {
    std::vector<std::string> names = {kNearestTree};
    for (const Tree& tree : trees.all) names.push_back(tree.name);
    throw Failure(ExitStatus::usage,
                  fmt::format("--apply: '{}' is not one of our trees. {}Possible: {}",
                              options.apply, didYouMean(options.apply, names), listed(names)));
  }
  return options;
}

std::vector<Kernel> provideKernels(const KernelOptions& wanted, const Project& project,
                                   const Cache& cache, Progress& progress) {
  checkSeries(wanted);
  const KernelOptions options = withTreeToApply(wanted, project, cache, progress);
  if (isOwnKernel(options.tree)) checkOwnKernel(options);
  KernelRequest request = requestFor(options, project);
  request.tree = kernelNamed(options);
  request.architecture = &architectureFor(options, project, progress);
  std::vector<Kernel> kernels;
  for (const bool series_on : sidesOf(options.series)) {
    request.series_on = series_on;
    kernels.push_back(provideKernel(request, cache, progress));
    checkMachine(options, kernels.back().image, *kernels.back().machine.architecture);
    if (options.machine == qemu::Kind::vng) kernels.back().machine.kind = qemu::Kind::vng;
  }
  return kernels;
}

std::filesystem::path provideSource(const KernelOptions& options, const Project& project,
                                    const Cache& cache, Progress& progress) {
  return provideSource(requestFor(withTreeToApply(options, project, cache, progress), project),
                       cache, progress);
}

void requireQemu(const architectures::Architecture& architecture) {
  if (!architecture.qemu || hasTool(architecture.qemu->program)) return;
  throw Failure(ExitStatus::environment,
                fmt::format("`{}` is missing: apt-get install {}, or use --machine uml",
                            architecture.qemu->program, architecture.qemu->package));
}

void checkMachine(const RunOptions& options) {
  if (const auto problems = qemu::whyNoProgramsOnHost(); !problems.empty()) {
    throw Failure(ExitStatus::environment,
                  fmt::format("this host cannot run guests: {}", fmt::join(problems, "\n")));
  }
  const auto& machine = options.kernel.machine;
  if (machine == qemu::Kind::qemu) requireQemu(hostArchitecture());
  if (machine == qemu::Kind::vng) {
    // With several trees, each is checked later.
    if (!namesSeveralTrees(options.kernel.tree)) checkOwnKernel(options.kernel);
    requireQemu(hostArchitecture());
    requireVng();
  }
  // Several trees may need different machines.
  const bool could_be_qemu =
      namesSeveralTrees(options.kernel.tree) ||
      (machine ? machine != qemu::Kind::userModeLinux : isOwnKernel(options.kernel.tree));
  if (options.accelerator && !could_be_qemu) {
    throw Failure(ExitStatus::usage,
                  "--accel is for QEMU, but this run uses User-Mode Linux: add --machine qemu");
  }
}

std::string whyNoUserModeLinux(const Tree* tree, unsigned cpus) {
  if (const std::string host = architectures::hostMachine(); architectures::um().machine != host) {
    return fmt::format("it is a program for {}, but this is {}", architectures::um().machine, host);
  }
  if (tree != nullptr && tree->uml_floating_point_bytes != 0) {
    return qemu::whyNoUserModeLinux(tree->uml_floating_point_bytes);
  }
  return qemu::whyNoProcesses({}, cpus);
}

const architectures::Architecture& architectureFor(const KernelOptions& options,
                                                   const Project& project, Progress& progress) {
  constexpr unsigned kSeveral = 2;
  if (options.machine && options.machine != qemu::Kind::userModeLinux) return hostArchitecture();
  if (options.apply.empty() && isOwnKernel(options.tree) &&
      recogniseKernel(options.tree).kind == OwnKernel::Kind::image) {
    return architectures::um();  // ignored: an image determines its own
  }
  const Trees trees = loadTrees(project.root);
  const Tree* const tree = trees.find(options.apply.empty() ? options.tree : options.apply);
  const std::string why = whyNoUserModeLinux(tree, options.smp ? kSeveral : 1);
  if (why.empty()) return architectures::um();
  if (options.machine) {
    throw Failure(
        ExitStatus::environment,
        fmt::format("the User-Mode Linux of {} cannot run on this host: {}. Omit --machine, or "
                    "use --machine qemu",
                    options.tree, why));
  }
  progress.note(
      fmt::format("{} runs in QEMU because its User-Mode Linux cannot run on this host: {}",
                  options.tree, why));
  return hostArchitecture();
}

qemu::Accelerator acceleratorFor(const qemu::Machine& machine, const RunOptions& options,
                                 const Cache& cache, std::vector<std::string>& notes) {
  if (machine.kind == qemu::Kind::userModeLinux) return qemu::Accelerator::none;
  if (options.accelerator) return *options.accelerator;
  const qemu::AcceleratorChoice choice =
      qemu::chooseAccelerator(*machine.architecture, cache.root() / "accelerator");
  if (choice.accelerator != qemu::Accelerator::kvm) notes.push_back(choice.reason);
  return choice.accelerator;
}

std::string machineInWords(const qemu::Machine& machine, qemu::Accelerator accelerator) {
  if (machine.kind == qemu::Kind::userModeLinux) return machine.architecture->title;
  return fmt::format("{} ({})", machine.kind == qemu::Kind::vng ? "virtme-ng" : "QEMU",
                     accelerator == qemu::Accelerator::kvm ? "KVM" : "TCG");
}

}  // namespace runner
