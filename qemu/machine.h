// SPDX-License-Identifier: GPL-2.0
// A machine: boots a kernel with one program as init, and passes on what that program says.
//
// It knows nothing of what it boots. Lines that the program writes to its verdict channel go to
// Listener::line(), and the console is evidence only: it is kept, and watched for a kernel that
// panics or complains.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/architecture.h"

namespace qemu {

// How a kernel is booted. vng: QEMU as virtme-ng starts it, for a kernel that `vng --build` has
// made.
enum class Kind { userModeLinux, qemu, vng };
// "uml", "qemu", "vng": for --machine, and in the names of what is kept.
std::string_view nameOf(Kind kind);

// How, and what the kernel is for.
struct Machine {
  Kind kind = Kind::userModeLinux;
  const architectures::Architecture* architecture = &architectures::um();
};
// What boots a kernel for this architecture: QEMU, or nothing but the kernel itself.
Machine machineFor(const architectures::Architecture& architecture);

enum class Accelerator { none, kvm, tcg };  // none: User-Mode Linux

struct Boot {
  std::filesystem::path kernel;              // an image for the machine's architecture; for vng
                                             // without a character that means anything to a shell
  std::filesystem::path initramfs;           // a cpio archive (initramfs.h); not for vng
  std::filesystem::path program;             // for vng, whose guest sees this machine's files:
                                             // what it runs, as root and not as init
  std::vector<std::filesystem::path> disks;  // raw images, attached read-only in this order
  std::filesystem::path writable_disk;       // one more after them, which keeps what is written;
                                             // for one guest at a time; not for vng
  std::vector<std::string> arguments;        // of init, or of the program
  unsigned memory_megabytes = 512;
  unsigned cpus = 1;
  Accelerator accelerator = Accelerator::none;
  // QEMU's TCG, one processor: a nanosecond of the guest's time is one instruction, and so is a
  // tick of its time stamp counter.
  bool counts_instructions = false;
  std::filesystem::path console_log;  // every console line is written here as it comes
  // A socket whose far end is to be the guest's terminal (Architecture::terminal), for programs
  // that talk with a person; -1: the guest has none, as with vng. It stays the caller's.
  int terminal = -1;
};

// How long to wait before calling a machine stuck, in seconds. Waiting ends early on evidence.
struct Limits {
  std::chrono::seconds boot{30};     // until the first line on the verdict channel
  std::chrono::seconds silence{30};  // between two lines; the listener may change it
  std::chrono::seconds shutdown{5};  // from the last line that the listener wants to the power off
};

class Listener {
 public:
  virtual ~Listener() = default;
  // A line of the verdict channel, without its newline. Lines longer than 1 MiB end the machine as
  // flooded.
  virtual void line(std::string_view text) = 0;
  // True once the program has said all that it had to say: from then on a power off is a good end.
  virtual bool complete() const = 0;
  // The kernel complained on the console: the first line of that splat, as soon as it is seen, so
  // that the listener knows what ran at that time.
  virtual void splat(std::string_view /*first_line*/) {}
};

// How a machine ended; the first that applies, in this order.
enum class EndKind {
  finished,      // powered off after the listener was complete
  panic,         // the kernel panicked, before or after the listener was complete
  splat,         // the kernel printed BUG, WARNING, a lockdep or KASAN report, an Oops
  flooded,       // more than kConsoleLimit or kConsoleBurst on the console, or an endless line
  never_booted,  // no line on the verdict channel within Limits::boot
  timeout,       // no further line within Limits::silence: a hang
  powered_off,   // powered off (or rebooted) before the listener was complete
  lost,          // the machine's process died: killed, crashed
};

struct Outcome {
  static constexpr std::size_t kConsoleLimit = 8u << 20;    // bytes in all
  static constexpr std::size_t kConsoleBurst = 512u << 10;  // bytes between two verdict lines
  static constexpr std::size_t kTailLines = 50;

  EndKind kind = EndKind::lost;
  std::string detail;  // one sentence for a person: what was seen
  // The same for the end alone, as if no splat had come before it: a machine may complain early and
  // hang much later. Never EndKind::splat.
  EndKind end = EndKind::lost;
  std::string end_detail;
  std::vector<std::string> splats;        // the first line of every splat on the console
  std::vector<std::string> console_tail;  // the last lines of the console, oldest first
  std::chrono::milliseconds boot{0};      // until the first verdict line
  std::chrono::milliseconds total{0};
};

// Name of the nth disk inside the guest, "/dev/ubda" or "/dev/vda".
std::string diskDevice(const Machine& machine, std::size_t index);

// Boots, listens, and returns when the machine has ended; the process is gone by then. A splat does
// not end the machine early (the verdicts after it are still wanted); a panic, a flood and a limit
// do. Throws SetupError when the machine's program can't be started, or ends before it has started
// QEMU, and Interrupted when the user wants to stop.
Outcome run(const Machine& machine, const Boot& boot, const Limits& limits, Listener& listener);

}  // namespace qemu
