// SPDX-License-Identifier: GPL-2.0-only
// User-Mode Linux: the kernel is a program that inherits its disks and serial lines as descriptors.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

#include "qemu/started_machine.h"
#include "qemu/uml_host.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

constexpr int kUmlVerdicts = 3;  // descriptors as the kernel sees them
constexpr int kUmlTerminal = 4;
constexpr int kUmlFirstDisk = 5;

// uml_dir, for a pid file and a control socket, which the kernel can do without. Without them,
// nothing is left behind, however this program ends. The path must exist, or the kernel does not
// start, and must not be a directory, because at its end the kernel removes all files in it.
constexpr const char* kNoDirectory = "/dev/null/";

}  // namespace

StartedMachine startUserModeLinux(const Boot& boot) {
  openImage("open the kernel", boot.kernel);
  openImage("open the initramfs", boot.initramfs);
  sys::Pipe console = makeGuestPipe(), verdicts = makeGuestPipe();
  const sys::Descriptor errors(static_cast<int>(
      sys::require(fcntl(console.write.get(), F_DUPFD_CLOEXEC, 3), "dup", "the console's pipe")));

  sys::Command command;
  // The kernel runs each guest process in a host process. These ask to be killed with it, but only
  // some time after fork(): a SIGKILL may come in between.
  command.guarded = true;
  command.inherited = {{console.write.get(), STDOUT_FILENO},
                       {errors.get(), STDERR_FILENO},
                       {verdicts.write.get(), kUmlVerdicts}};
  command.arguments = {
      boot.kernel.string(), "mem=" + std::to_string(boot.memory_megabytes) + "M",
      "initrd=" + boot.initramfs.string(), std::string("uml_dir=") + kNoDirectory,
      // seccomp, which is faster, or ptrace if that does not work; SMP needs seccomp.
      "seccomp=auto",
      // /dev/console and the kernel log go to the console's pipe, the first serial line to the
      // verdicts' pipe, and nothing to a terminal of the host.
      "con=null", "con0=null,fd:2", "ssl=null", "ssl0=null,fd:" + std::to_string(kUmlVerdicts),
      "console=tty0", "printk.time=1", "panic=-1", kWritableDevices,
      // Saves 0.1 s of calibration; nothing here depends on udelay().
      "lpj=10000000",
      // Otherwise the kernel appends its own after init's arguments.
      "root=98:0"};
  if (boot.cpus > 1) command.arguments.push_back("ncpus=" + std::to_string(boot.cpus));
  std::vector<sys::Descriptor> disks;
  for (std::size_t index = 0; index < boot.disks.size(); ++index) {
    // By descriptor: a comma or a colon would end a path.
    disks.push_back(openImage("open the disk", boot.disks[index]));
    const int number = kUmlFirstDisk + static_cast<int>(index);
    command.inherited[disks.back().get()] = number;
    command.arguments.push_back("ubd" + std::to_string(index) + "r=/proc/self/fd/" +
                                std::to_string(number));
  }
  if (!boot.writable_disk.empty()) {
    disks.push_back(openWritableImage("open the disk", boot.writable_disk));
    const int number = kUmlFirstDisk + static_cast<int>(boot.disks.size());
    command.inherited[disks.back().get()] = number;
    command.arguments.push_back("ubd" + std::to_string(boot.disks.size()) + "=/proc/self/fd/" +
                                std::to_string(number));
  }
  if (boot.terminal >= 0) {
    command.inherited[boot.terminal] = kUmlTerminal;
    command.arguments.push_back("ssl1=fd:" + std::to_string(kUmlTerminal));
  }
  // One argument, so that the kernel does not parse init's arguments as its own.
  command.arguments.push_back(initArguments(boot.arguments));
  // In each system call of the guest, one process wakes the other and waits for it. This is faster
  // on one CPU than on two that become idle in turns: 0.8 s instead of 1.5 s for some 240 cases.
  std::optional<sys::Processor> processor;
  if (boot.cpus == 1) processor = sys::Processor::take();
  if (processor) command.processor = processor->number();
  const MemoryPlace place = boot.memory_directory.empty()
                                ? memoryPlace(boot.memory_megabytes, 1)
                                : MemoryPlace{boot.memory_directory, 1, {}};
  if (place.guests == 0) throw sys::SetupError("boot User-Mode Linux:", place.problem, 0);
  command.environment["TMPDIR"] = place.directory;

  StartedMachine machine{.process = sys::ChildProcess(command),
                         .console = std::move(console.read),
                         .verdicts = std::move(verdicts.read),
                         .control = {},
                         .processor = std::move(processor)};
  // A panic ends in abort(): avoid half a gigabyte of core dump.
  const rlimit none = {0, 0};
  prlimit(machine.process.pid(), RLIMIT_CORE, &none, nullptr);
  return machine;
}

std::string explainUserModeLinux(const std::vector<std::string>& console) {
  struct Known {
    const char* printed;
    const char* meaning;
  };
  static constexpr Known kKnown[] = {
      {"fp regs failed",
       "this User-Mode Linux cannot run on this processor, whose floating point state is larger "
       "than the kernel expects; use QEMU for this tree"},
      {"fp_registers failed",
       "this User-Mode Linux cannot run on this processor, whose floating point state is larger "
       "than the kernel expects; use QEMU for this tree"},
      {"ptrace failed", "the host forbids ptrace, which User-Mode Linux needs; use QEMU"},
      {"must be not mounted noexec",
       "all directories for the guest's memory are mounted noexec; set TMPDIR to one that is not"},
      {"Too few physical memory", "the guest has too little memory to start"},
  };
  for (const std::string& line : console) {
    for (const Known& known : kKnown) {
      if (line.find(known.printed) != std::string::npos) return known.meaning;
    }
  }
  return {};
}

}  // namespace qemu
