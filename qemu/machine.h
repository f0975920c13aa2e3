// SPDX-License-Identifier: GPL-2.0-only
// A machine: boots a kernel with one program as init and passes on the lines of that program.
//
// It knows nothing about the program. Lines on the verdict channel go to Listener::line(). The
// console is only evidence: it is logged and watched for panics and splats.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/architecture.h"

namespace qemu {

// How a kernel is booted. vng: QEMU started by virtme-ng, for a kernel from `vng --build`.
enum class Kind { userModeLinux, qemu, vng };
// "uml", "qemu", "vng": for --machine and for names in the cache.
std::string_view nameOf(Kind kind);

// How a kernel is booted, and its architecture.
struct Machine {
  Kind kind = Kind::userModeLinux;
  const architectures::Architecture* architecture = &architectures::um();
};
// The machine for a kernel of this architecture: QEMU, or User-Mode Linux.
Machine machineFor(const architectures::Architecture& architecture);

enum class Accelerator { none, kvm, tcg };  // none: User-Mode Linux

struct Boot {
  std::filesystem::path kernel;              // an image for the machine's architecture; for vng
                                             // without characters that are special to a shell
  std::filesystem::path initramfs;           // a cpio archive (initramfs.h); not for vng
  std::filesystem::path program;             // only for vng, whose guest sees the host's files:
                                             // what it runs, as root, but not as init
  std::vector<std::filesystem::path> disks;  // raw images, attached read-only in this order
  std::filesystem::path writable_disk;       // one more after them, writable; for one guest at a
                                             // time; not for vng
  // One more disk after those, writable, empty, in the host's memory, which lasts as long as the
  // machine; only for QEMU. 0: none.
  std::uint64_t scratch_bytes = 0;
  // What is written to the second serial line (Qemu::second_serial) is on the verdict channel, too;
  // only for QEMU.
  bool serial_verdicts = false;
  std::vector<std::string> arguments;  // for init, or for the program
  unsigned memory_megabytes = 512;
  // For User-Mode Linux: has room for the memory of this guest and of those that run beside it
  // (host.h). Empty: memoryPlace() finds one for this guest alone.
  std::string memory_directory = {};
  unsigned cpus = 1;
  // Without KVM, QEMU's processor with all that it can do: for a kernel that may be built for more
  // than the oldest processor (CONFIG_X86_NATIVE_CPU).
  bool needs_features = false;
  Accelerator accelerator = Accelerator::none;
  // For TCG with one CPU: a nanosecond of the guest's time is one instruction, and so is a tick of
  // its time stamp counter.
  bool counts_instructions = false;
  std::filesystem::path console_log;  // console lines are written here immediately
  // A socket to connect to the guest's terminal (Architecture::terminal), for interactive programs;
  // -1: none, as with vng. The caller keeps ownership.
  int terminal = -1;
};

// How long to wait before a machine counts as stuck.
struct Limits {
  // Until the first line on the verdict channel. As long as the kernel prints, a boot may take four
  // times as long: the host may be busy.
  std::chrono::seconds boot{30};
  std::chrono::seconds silence{30};  // between two lines; the listener may change it
  std::chrono::seconds shutdown{5};  // from the last expected line to the power-off
};

class Listener {
 public:
  virtual ~Listener() = default;
  // A line of the verdict channel, without its newline. A machine with a line of more than 1 MiB is
  // killed as flooded.
  virtual void line(std::string_view text) = 0;
  // True once the program has sent everything: from then on, a power-off is a good end.
  virtual bool complete() const = 0;
  // The first line of a splat on the console, as soon as it is seen, so that the listener knows
  // what was running.
  virtual void splat(std::string_view /*first_line*/) {}
};

// How a machine ended; the first of these that applies.
enum class EndKind {
  finished,      // powered off after the listener was complete
  panic,         // the kernel panicked, before or after the listener was complete
  splat,         // the kernel printed BUG, WARNING, a lockdep or KASAN report, an Oops
  flooded,       // more than kConsoleLimit or kConsoleBurst on the console, or an endless line
  never_booted,  // no line on the verdict channel, see Limits::boot
  timeout,       // no further line within Limits::silence: a hang
  powered_off,   // powered off (or rebooted) before the listener was complete
  lost,          // the machine's process died: killed, crashed
};

struct Outcome {
  // Bytes in all: a million random steps on ext4 make 12 MiB of warnings.
  static constexpr std::size_t kConsoleLimit = 64u << 20;
  static constexpr std::size_t kConsoleBurst = 512u << 10;  // bytes between two verdict lines
  static constexpr std::size_t kTailLines = 50;

  EndKind kind = EndKind::lost;
  std::string detail;  // one sentence: what was seen
  // The same for the end alone, ignoring earlier splats: a machine may hang long after a splat.
  // Never EndKind::splat.
  EndKind end = EndKind::lost;
  std::string end_detail;
  std::vector<std::string> splats;        // the first line of every splat on the console
  std::vector<std::string> console_tail;  // the last lines of the console, oldest first
  std::chrono::milliseconds boot{0};      // until the first verdict line
  std::chrono::milliseconds total{0};
};

// The name of the nth disk in the guest: "/dev/ubda", "/dev/vda".
std::string diskDevice(const Machine& machine, std::size_t index);

// Boots the machine and returns when it has ended and its process is gone. A panic, a flood or a
// limit ends it early; a splat does not, as the verdicts after it still count. Throws SetupError if
// the host lacks what the machine needs (host.h), or the machine's program can't be started or
// exits before it starts QEMU, and Interrupted.
Outcome run(const Machine& machine, const Boot& boot, const Limits& limits, Listener& listener);

}  // namespace qemu
