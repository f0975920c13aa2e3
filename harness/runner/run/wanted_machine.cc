// SPDX-License-Identifier: GPL-2.0
#include "runner/run/wanted_machine.h"

#include <fmt/format.h>

#include "qemu/accelerator.h"
#include "qemu/uml_probe.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/make.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/tree_list.h"
#include "runner/kernels/trees.h"
#include "runner/run/wanted_kernels.h"

namespace runner {
namespace {

void requireVng() {
  if (hasTool("vng")) return;
  throw Failure(ExitStatus::environment,
                "`vng` is missing: it is in Debian's package virtme-ng, from Debian 13 on, and in "
                "PyPI under that name; or use --machine qemu");
}

}  // namespace

void requireQemu(const architectures::Architecture& architecture) {
  if (!architecture.qemu || hasTool(architecture.qemu->program)) return;
  throw Failure(ExitStatus::environment,
                fmt::format("`{}` is missing: apt-get install {}, or use --machine uml",
                            architecture.qemu->program, architecture.qemu->package));
}

void checkMachine(const RunOptions& options) {
  const auto& machine = options.kernel.machine;
  if (machine == qemu::Kind::qemu) requireQemu(hostArchitecture());
  if (machine == qemu::Kind::vng) {
    // Several trees are asked one by one.
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
                  "--accel is for QEMU, and this run is on User-Mode Linux: add --machine qemu");
  }
}

const architectures::Architecture& architectureFor(const KernelOptions& options,
                                                   const Project& project, Progress& progress) {
  if (options.machine && options.machine != qemu::Kind::userModeLinux) return hostArchitecture();
  const Trees trees = loadTrees(project.root);
  const Tree* tree = trees.find(options.tree);
  if (tree == nullptr || tree->uml_floating_point_bytes == 0) return architectures::um();
  const std::string why = qemu::whyNoUserModeLinux(tree->uml_floating_point_bytes);
  if (why.empty()) return architectures::um();
  if (options.machine) {
    throw Failure(ExitStatus::environment,
                  fmt::format("User-Mode Linux of {} cannot run here: {}. Leave --machine out, or "
                              "say --machine qemu",
                              tree->name, why));
  }
  progress.note(
      fmt::format("{} runs in QEMU: its User-Mode Linux cannot run here, {}", tree->name, why));
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
