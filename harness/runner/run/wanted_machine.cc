// SPDX-License-Identifier: GPL-2.0
#include "runner/run/wanted_machine.h"

#include <fmt/format.h>

#include "qemu/accelerator.h"
#include "qemu/uml_probe.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
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

void requireQemu() {
  if (hasTool("qemu-system-x86_64")) return;
  throw Failure(ExitStatus::environment,
                "`qemu-system-x86_64` is missing: apt-get install qemu-system-x86, or use "
                "--machine uml");
}

void checkMachine(const RunOptions& options) {
  if (options.kernel.machine == qemu::Kind::qemu) requireQemu();
  if (options.kernel.machine == qemu::Kind::vng) {
    // Several trees are asked one by one.
    if (!namesSeveralTrees(options.kernel.tree)) checkOwnKernel(options.kernel);
    requireQemu();
    requireVng();
  }
  // Several trees may need different machines.
  const bool could_be_qemu =
      namesSeveralTrees(options.kernel.tree) ||
      (options.kernel.machine ? qemu::kernelFor(*options.kernel.machine) == qemu::Kind::qemu
                              : isOwnKernel(options.kernel.tree));
  if (options.accelerator && !could_be_qemu) {
    throw Failure(ExitStatus::usage,
                  "--accel is for QEMU, and this run is on User-Mode Linux: add --machine qemu");
  }
}

qemu::Kind machineFor(const KernelOptions& options, const Project& project, Progress& progress) {
  if (options.machine && qemu::kernelFor(*options.machine) == qemu::Kind::qemu) {
    return qemu::Kind::qemu;
  }
  const Trees trees = loadTrees(project.root);
  const Tree* tree = trees.find(options.tree);
  if (tree == nullptr || tree->uml_floating_point_bytes == 0) return qemu::Kind::userModeLinux;
  const std::string why = qemu::whyNoUserModeLinux(tree->uml_floating_point_bytes);
  if (why.empty()) return qemu::Kind::userModeLinux;
  if (options.machine) {
    throw Failure(ExitStatus::environment,
                  fmt::format("User-Mode Linux of {} cannot run here: {}. Leave --machine out, or "
                              "say --machine qemu",
                              tree->name, why));
  }
  progress.note(
      fmt::format("{} runs in QEMU: its User-Mode Linux cannot run here, {}", tree->name, why));
  return qemu::Kind::qemu;
}

qemu::Accelerator acceleratorFor(qemu::Kind kind, const RunOptions& options, const Cache& cache,
                                 std::vector<std::string>& notes) {
  if (kind == qemu::Kind::userModeLinux) return qemu::Accelerator::none;
  if (options.accelerator) return *options.accelerator;
  const qemu::AcceleratorChoice choice = qemu::chooseAccelerator(cache.root() / "accelerator");
  if (choice.accelerator != qemu::Accelerator::kvm) notes.push_back(choice.reason);
  return choice.accelerator;
}

std::string machineInWords(qemu::Kind kind, qemu::Accelerator accelerator) {
  if (kind == qemu::Kind::userModeLinux) return "User-Mode Linux";
  return fmt::format("{} ({})", kind == qemu::Kind::vng ? "virtme-ng" : "QEMU",
                     accelerator == qemu::Accelerator::kvm ? "KVM" : "TCG");
}

}  // namespace runner
