// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/machine_plan.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <thread>

#include "qemu/host.h"
#include "runner/base/failure.h"
#include "runner/results/filter.h"
#include "runner/run/wanted.h"

namespace runner {
namespace {

// The long cases race callers against each other, each on its own CPU.
constexpr unsigned kProcessorsOfLongRuns = 2;

// A debug kernel is several times slower, and KASAN keeps freed memory in quarantine.
constexpr unsigned kDebugTimeoutFactor = 6;
constexpr unsigned kDebugMegabytes = 1024;

constexpr unsigned kEnginesMegabytes = 2048;

// A distribution's kernel initializes much more, and loads modules.
constexpr unsigned kShippedTimeoutFactor = 3;
constexpr unsigned kShippedMegabytes = 768;
// For the writes of the cases; it takes only the memory that is written to. Five times the largest
// disk, for a kernel without snapshots.
constexpr std::uint64_t kScratchBytes = std::uint64_t{2} << 30;

bool isShipped(const Kernel& kernel) {
  return !kernel.files.image.empty() && kernel.machine.kind == qemu::Kind::qemu;
}

// virtme-ng starts udev before our program and reads the host's files over 9p.
constexpr unsigned kVngTimeoutFactor = 4;

}  // namespace

unsigned timeoutFactorFor(const Kernel& kernel) {
  return (kernel.identity.lane == "debug" ? kDebugTimeoutFactor : 1) *
         (isShipped(kernel) ? kShippedTimeoutFactor : 1) *
         (kernel.machine.kind == qemu::Kind::vng ? kVngTimeoutFactor : 1);
}

unsigned memoryFor(const Kernel& kernel) {
  if (kernel.identity.lane == "debug") return kDebugMegabytes;
  if (kernel.identity.lane == "engines") return kEnginesMegabytes;
  return isShipped(kernel) ? kShippedMegabytes : qemu::Boot().memory_megabytes;
}

std::vector<std::string> prepareShipped(const Kernel& kernel, qemu::Boot& boot) {
  std::string verdicts = kernel.machine.architecture->verdicts;
  if (!isShipped(kernel)) return {"--verdicts", verdicts};
  const std::string& serial = kernel.machine.architecture->qemu->second_serial;
  boot.serial_verdicts = !serial.empty();
  if (boot.serial_verdicts) verdicts += ',' + serial;
  boot.scratch_bytes = kScratchBytes;
  const std::size_t disk = boot.disks.size() + (boot.writable_disk.empty() ? 0 : 1);
  return {"--verdicts", verdicts, "--scratch", qemu::diskDevice(kernel.machine, disk)};
}

unsigned processorsFor(const std::string& group) {
  return group == "quick" ? 1 : kProcessorsOfLongRuns;
}

void requireHost(const Kernel& kernel, unsigned cpus) {
  qemu::Boot boot;
  boot.kernel = kernel.image;
  boot.memory_megabytes = memoryFor(kernel);
  boot.cpus = cpus;
  const std::vector<std::string> problems = qemu::missingOnHost(kernel.machine, boot);
  if (problems.empty()) return;
  const bool is_program = kernel.machine.kind == qemu::Kind::userModeLinux;
  throw Failure(ExitStatus::environment,
                fmt::format("this host cannot run {}: {}",
                            is_program ? kernel.machine.architecture->title : "QEMU",
                            fmt::join(problems, "\n")));
}

unsigned jobsFor(unsigned wanted, std::vector<MachinePlan>& plans) {
  unsigned jobs = wanted == 0 ? std::max(1u, std::thread::hardware_concurrency()) : wanted;
  jobs = static_cast<unsigned>(std::min<std::size_t>(jobs, plans.size()));
  if (jobs == 0) return 0;
  for (const MachinePlan& plan : plans) {
    jobs = std::min(jobs, qemu::roomOnHost(plan.machine, plan.boot, jobs).machines);
  }
  for (MachinePlan& plan : plans) {
    plan.boot.memory_directory = qemu::roomOnHost(plan.machine, plan.boot, jobs).memory_directory;
  }
  return jobs;
}

MachinePlan planMachine(const Target& target, const Kernel& kernel, const MachineSetup& setup,
                        const std::string& console_log) {
  MachinePlan plan;
  plan.machine = kernel.machine;
  plan.cases = target.cases;
  plan.skip_reason = target.skip_reason;
  plan.timeout_factor = timeoutFactorFor(kernel);
  plan.boot.memory_megabytes = memoryFor(kernel);
  plan.boot.kernel = kernel.image;
  plan.boot.needs_features = kernel.own;
  plan.boot.initramfs = setup.directory / "initramfs";
  plan.boot.program = setup.guest;
  plan.boot.disks = {target.disk};
  plan.boot.accelerator = setup.accelerator;
  plan.boot.console_log = setup.directory / console_log;
  plan.boot.arguments = prepareShipped(kernel, plan.boot);
  const auto add = [&](const char* option, const std::string& value) {
    plan.boot.arguments.insert(plan.boot.arguments.end(), {option, value});
  };
  add("--disk", target.filesystem + '=' + qemu::diskDevice(kernel.machine, 0));
  plan.boot.cpus = processorsFor(setup.group);
  if (setup.group != "quick") add("--group", setup.group);
  if (!kernel.left_out.empty()) {
    std::erase_if(plan.cases, [&](const PlannedCase& planned) {
      return std::ranges::count(kernel.left_out, planned.requirement) != 0;
    });
    add("--leave-out", fmt::format("{}", fmt::join(kernel.left_out, ",")));
    if (plan.cases.empty()) plan.skip_reason = "none of the selected cases applies to this tree";
  }
  if (!setup.patterns.empty()) add("--filter", joinFilter(setup.patterns));
  if (!setup.exploration.empty()) add("--explore", setup.exploration);
  plan.result.filesystem = target.filesystem;
  plan.result.machine = machineInWords(kernel.machine, setup.accelerator);
  plan.result.console_log = plan.boot.console_log.string();
  return plan;
}

}  // namespace runner
