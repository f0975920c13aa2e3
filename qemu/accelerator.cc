// SPDX-License-Identifier: GPL-2.0
#include "qemu/accelerator.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "qemu/probe_guest.h"
#include "qemu/tcg.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

// The guest that has to answer: a BIOS that enters protected mode, counts to 2^27 and leaves
// through QEMU's debug exit device. The counting tells a processor from a KVM that only emulates
// one: that takes a fraction of a second or many.
constexpr std::size_t kBiosSize = 64u << 10;  // up to the end of the first 4 GiB
constexpr std::size_t kProgramAt = 0xff00;    // in the BIOS
constexpr std::size_t kResetVector = 0xfff0;
constexpr std::uint8_t kAnswer = 0x2a;
constexpr int kExitStatus = kAnswer << 1 | 1;  // as the device makes it
constexpr int kBiosNumber = 3;                 // the descriptor as QEMU sees it

constexpr std::array<std::uint8_t, 62> kProgram = {
    // 16 bit
    0xfa,                                            // 00: cli
    0x2e, 0x66, 0x0f, 0x01, 0x16, 0x38, 0xff,        // 01: lgdt cs:[38]
    0x0f, 0x20, 0xc0,                                // 08: mov eax, cr0
    0x0c, 0x01,                                      // 0b: or al, 1
    0x0f, 0x22, 0xc0,                                // 0d: mov cr0, eax
    0x66, 0xea, 0x18, 0xff, 0xff, 0xff, 0x08, 0x00,  // 10: jmp 8:18
    // 32 bit
    0xb9, 0x00, 0x00, 0x00, 0x08,  // 18: mov ecx, 1 << 27
    0x49,                          // 1d: dec ecx
    0x75, 0xfd,                    // 1e: jnz 1d
    0xb0, kAnswer,                 // 20: mov al, answer
    0xe6, 0xf4,                    // 22: out 0xf4, al
    0xf4,                          // 24: hlt
    0xeb, 0xfd, 0xf4,              // 25: jmp 24
    // The descriptor table: nothing, and all memory as code.
    0, 0, 0, 0, 0, 0, 0, 0,                          // 28
    0xff, 0xff, 0x00, 0x00, 0x00, 0x9b, 0xcf, 0x00,  // 30
    // Its size less one, and where it lies.
    0x0f, 0x00, 0x28, 0xff, 0xff, 0xff,  // 38
};

sys::Descriptor makeBios() {
  std::vector<std::uint8_t> image(kBiosSize, 0xf4);
  std::copy(kProgram.begin(), kProgram.end(), image.begin() + kProgramAt);
  static constexpr std::array<std::uint8_t, 3> kJump = {0xe9, 0x0d, 0xff};  // to the program
  std::copy(kJump.begin(), kJump.end(), image.begin() + kResetVector);
  sys::Descriptor file(static_cast<int>(
      sys::require(memfd_create("probe-bios", MFD_CLOEXEC), "memfd_create", "the probe's BIOS")));
  for (std::size_t done = 0; done < image.size();) {
    done += static_cast<std::size_t>(sys::require(
        write(file.get(), image.data() + done, image.size() - done), "write", "the probe's BIOS"));
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

AcceleratorChoice dumbKvm() {
  return tcg("KVM opens here, but a guest on it does not answer within 3 s");
}

// The answer of an earlier run on this boot: "<boot id> kvm" or "<boot id> tcg".
std::optional<AcceleratorChoice> remembered(const std::filesystem::path& cache) {
  std::string boot, answer;
  std::ifstream(cache) >> boot >> answer;
  if (boot.empty() || boot != bootId()) return std::nullopt;
  if (answer == "kvm") return kvm();
  if (answer == "tcg") return dumbKvm();
  return std::nullopt;
}

// Best effort: a cache that can't be written costs the next run three seconds.
void remember(const std::filesystem::path& cache, bool works) {
  std::error_code ignored;
  std::filesystem::create_directories(cache.parent_path(), ignored);
  const std::filesystem::path unfinished = cache.string() + '.' + std::to_string(getpid());
  std::ofstream(unfinished) << bootId() << (works ? " kvm\n" : " tcg\n");
  std::filesystem::rename(unfinished, cache, ignored);
  if (ignored) std::filesystem::remove(unfinished, ignored);
}

}  // namespace

bool probeGuestAnswers(const std::string& accelerator, std::chrono::milliseconds limit) {
  const sys::Descriptor bios = makeBios();
  sys::Command command;
  command.arguments = {kQemuProgram,
                       "-nodefaults",
                       "-no-user-config",
                       "-display",
                       "none",
                       "-machine",
                       "pc",
                       "-accel",
                       accelerator,
                       "-m",
                       "16",
                       "-bios",
                       "/dev/fd/" + std::to_string(kBiosNumber),
                       "-device",
                       "isa-debug-exit,iobase=0xf4,iosize=0x04"};
  command.inherited = {{bios.get(), kBiosNumber}};
  sys::ChildProcess guest(command);
  const auto exit = guest.wait(limit);
  return exit && exit->signal == 0 && exit->code == kExitStatus;
}

AcceleratorChoice chooseAccelerator(const std::filesystem::path& cache,
                                    const std::filesystem::path& device) {
  constexpr std::chrono::seconds kPatience{3};
  // These two are asked each time: it costs nothing, and the user may have just mended it.
  if (!sys::Descriptor(open(device.c_str(), O_RDWR | O_CLOEXEC))) {
    switch (errno) {
      case ENOENT:
        return tcg("this machine has no " + device.string());
      case EACCES:
      case EPERM:
        return tcg(device.string() + " may not be opened by this user (its group is usually kvm)");
      default:
        return tcg(device.string() + " does not open");
    }
  }
  if (const auto known = remembered(cache)) return *known;
  try {
    const bool works = probeGuestAnswers("kvm", kPatience);
    remember(cache, works);
    return works ? kvm() : dumbKvm();
  } catch (const sys::SetupError& error) {
    return tcg(std::string("KVM could not be tried: ") + error.what());
  }
}

}  // namespace qemu
