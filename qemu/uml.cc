// SPDX-License-Identifier: GPL-2.0
// User-Mode Linux: the kernel is a program, its disks and lines are descriptors that it inherits.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "qemu/started_machine.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

constexpr int kUmlVerdicts = 3;  // descriptors as the kernel sees them
constexpr int kUmlTerminal = 4;
constexpr int kUmlFirstDisk = 5;

// The kernel wants to put a pid file and a control socket into a directory, and goes on without; so
// nothing stays behind, however this program ends. What is there and is none: at its end the kernel
// removes all files in a directory, and at its start it cannot do with a name that it cannot make.
constexpr const char* kNoDirectory = "/dev/null/";

bool holdsMemory(const std::string& directory, unsigned megabytes) {
  struct statvfs status = {};
  if (statvfs(directory.c_str(), &status) != 0) return false;
  if ((status.f_flag & (ST_NOEXEC | ST_RDONLY)) != 0) return false;  // guest code runs from there
  return access(directory.c_str(), W_OK) == 0 &&
         (static_cast<unsigned long long>(status.f_bavail) * status.f_frsize >> 20) >= megabytes;
}

// Where the guest's memory lies: a file that the kernel unlinks as it opens it. Memory if there is
// room in it (containers often have 64 MiB of /dev/shm, and a guest without room dies of SIGBUS),
// else a disk. Empty: let the kernel choose, it says what is wrong.
std::string memoryDirectory(unsigned megabytes) {
  const char* own = std::getenv("TMPDIR");
  for (const char* directory : {"/dev/shm", own, "/tmp", "/var/tmp"}) {
    if (directory != nullptr && holdsMemory(directory, megabytes)) return directory;
  }
  return {};
}

}  // namespace

StartedMachine startUserModeLinux(const Boot& boot) {
  openImage("open the kernel", boot.kernel);
  openImage("open the initramfs", boot.initramfs);
  sys::Pipe console = makeGuestPipe(), verdicts = makeGuestPipe();
  const sys::Descriptor errors(static_cast<int>(
      sys::require(fcntl(console.write.get(), F_DUPFD_CLOEXEC, 3), "dup", "the console's pipe")));

  sys::Command command;
  // The kernel runs each guest process in a process of this machine. They ask to be killed when it
  // dies, and some moments after they were made: SIGKILL can come in between.
  command.guarded = true;
  command.inherited = {{console.write.get(), STDOUT_FILENO},
                       {errors.get(), STDERR_FILENO},
                       {verdicts.write.get(), kUmlVerdicts}};
  command.arguments = {
      boot.kernel.string(), "mem=" + std::to_string(boot.memory_megabytes) + "M",
      "initrd=" + boot.initramfs.string(), std::string("uml_dir=") + kNoDirectory,
      // Of seccomp and ptrace the faster one that works here; several processors need seccomp.
      "seccomp=auto",
      // /dev/console and the kernel's log on the console's pipe, the first serial line on the
      // verdicts'; no line on a terminal of this machine.
      "con=null", "con0=null,fd:2", "ssl=null", "ssl0=null,fd:" + std::to_string(kUmlVerdicts),
      "console=tty0", "printk.time=1", "panic=-1",
      // Instead of 0.1 s of calibration; nothing here lives on udelay().
      "lpj=10000000",
      // Named, or the kernel appends one of its own behind init's arguments.
      "root=98:0"};
  if (boot.cpus > 1) command.arguments.push_back("ncpus=" + std::to_string(boot.cpus));
  std::vector<sys::Descriptor> disks;
  for (std::size_t index = 0; index < boot.disks.size(); ++index) {
    // By number: a comma or a colon in a path would be taken for the end of it.
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
  // One argument, so that none of init's is taken for an option of the kernel program.
  command.arguments.push_back(initArguments(boot.arguments));
  // At each system call of the guest one process wakes the other and then waits for it. Both on one
  // processor is faster than two that go idle in turns: 0.8 s instead of 1.5 s for some 240 cases.
  std::optional<sys::Processor> processor;
  if (boot.cpus == 1) processor = sys::Processor::take();
  if (processor) command.processor = processor->number();
  const std::string memory = memoryDirectory(boot.memory_megabytes);
  if (!memory.empty()) command.environment["TMPDIR"] = memory;

  StartedMachine machine{.process = sys::ChildProcess(command),
                         .console = std::move(console.read),
                         .verdicts = std::move(verdicts.read),
                         .control = {},
                         .processor = std::move(processor)};
  // A panic ends in abort(); nobody wants half a gigabyte of core file.
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
       "this User-Mode Linux cannot run on this processor: its floating point state is larger "
       "than the kernel was made for; use QEMU for this tree"},
      {"fp_registers failed",
       "this User-Mode Linux cannot run on this processor: its floating point state is larger "
       "than the kernel was made for; use QEMU for this tree"},
      {"ptrace failed", "this machine forbids ptrace, which User-Mode Linux needs; use QEMU"},
      {"must be not mounted noexec",
       "no directory for the guest's memory allows programs in it (noexec); set TMPDIR to one that "
       "does"},
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
