// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/accelerator.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

#include "architectures/registry.h"
#include "qemu/probe_guest.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

constexpr int kFirmwareNumber = 3;  // the descriptor as QEMU sees it

sys::Descriptor fileWith(const std::string& firmware) {
  sys::Descriptor file(static_cast<int>(sys::require(memfd_create("probe-firmware", MFD_CLOEXEC),
                                                     "memfd_create", "the probe's firmware")));
  for (std::size_t done = 0; done < firmware.size();) {
    done += static_cast<std::size_t>(
        sys::require(write(file.get(), firmware.data() + done, firmware.size() - done), "write",
                     "the probe's firmware"));
  }
  return file;
}

std::string bootId() {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

AcceleratorChoice tcg(std::string reason) {
  return {Accelerator::tcg, std::move(reason) + ": QEMU emulates (TCG)"};
}

AcceleratorChoice kvm() {
  return {Accelerator::kvm, "a guest on KVM answers"};
}

AcceleratorChoice silentKvm() {
  return tcg("/dev/kvm opens, but a guest on KVM does not answer within 3 s");
}

// The answer of an earlier run since the host booted: "<boot id> kvm" or "<boot id> tcg".
std::optional<AcceleratorChoice> remembered(const std::filesystem::path& cache) {
  std::string boot, answer;
  std::ifstream(cache) >> boot >> answer;
  if (boot.empty() || boot != bootId()) return std::nullopt;
  if (answer == "kvm") return kvm();
  if (answer == "tcg") return silentKvm();
  return std::nullopt;
}

// Best effort: without the cache, the next run takes up to three seconds longer.
void remember(const std::filesystem::path& cache, bool works) {
  std::error_code ignored;
  std::filesystem::create_directories(cache.parent_path(), ignored);
  const std::filesystem::path unfinished = cache.string() + '.' + std::to_string(getpid());
  std::ofstream(unfinished) << bootId() << (works ? " kvm\n" : " tcg\n");
  std::filesystem::rename(unfinished, cache, ignored);
  if (ignored) std::filesystem::remove(unfinished, ignored);
}

}  // namespace

bool probeGuestAnswers(const architectures::Qemu& system, const std::string& accelerator,
                       std::chrono::milliseconds limit) {
  const architectures::ProbeGuest& probe = system.probe.value();
  const sys::Descriptor firmware = fileWith(probe.firmware);
  sys::Command command;
  command.arguments = {system.program,
                       "-nodefaults",
                       "-no-user-config",
                       "-display",
                       "none",
                       "-accel",
                       accelerator,
                       "-m",
                       "16",
                       "-bios",
                       "/dev/fd/" + std::to_string(kFirmwareNumber)};
  command.arguments.insert(command.arguments.end(), probe.arguments.begin(), probe.arguments.end());
  command.inherited = {{firmware.get(), kFirmwareNumber}};
  sys::ChildProcess guest(command);
  const auto exit = guest.wait(limit);
  return exit && exit->signal == 0 && exit->code == probe.exit_status;
}

AcceleratorChoice chooseAccelerator(const architectures::Architecture& architecture,
                                    const std::filesystem::path& cache,
                                    const std::filesystem::path& device) {
  constexpr std::chrono::seconds kLimit{3};
  const architectures::Qemu& system = architecture.qemu.value();
  if (const std::string host = architectures::hostMachine(); architecture.machine != host) {
    return tcg("KVM cannot run a guest for " + architecture.title + " on a host with " + host);
  }
  if (!system.probe) return tcg("there is no probe guest for KVM on " + architecture.title);
  // Check this every time: it costs nothing, and the user may have just fixed it.
  if (!sys::Descriptor(open(device.c_str(), O_RDWR | O_CLOEXEC))) {
    switch (errno) {
      case ENOENT:
        return tcg("the host has no " + device.string());
      case EACCES:
      case EPERM:
        return tcg(device.string() +
                   " may not be opened by this user (join its group, usually kvm)");
      default:
        return tcg(device.string() + " cannot be opened");
    }
  }
  if (const auto known = remembered(cache)) return *known;
  try {
    const bool works = probeGuestAnswers(system, "kvm", kLimit);
    remember(cache, works);
    return works ? kvm() : silentKvm();
  } catch (const sys::SetupError& error) {
    return tcg(std::string("KVM could not be probed: ") + error.what());
  }
}

}  // namespace qemu
