// SPDX-License-Identifier: GPL-2.0-only
// QEMU: a machine of a real architecture.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "qemu/started_machine.h"
#include "qemu/tcg.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

constexpr int kConsole = 3;  // descriptors as QEMU sees them
constexpr int kVerdicts = 4;
constexpr int kControl = 5;
constexpr int kTerminal = 6;
constexpr int kFirstDisk = 7;

std::string commandLine(const architectures::Qemu& system, const Boot& boot) {
  // panic=-1 restarts at once, and -no-reboot turns a restart into an exit.
  std::string line = system.console + " printk.time=1 panic=-1 " + kWritableDevices + ' ' +
                     clockParameters(system, boot) + ' ';
  if (boot.serial_verdicts) line += system.serial_lines + ' ';
  line += initArguments(boot.arguments);
  if (line.size() > system.command_line_bytes) {
    throw sys::SetupError("pass to the guest's program",
                          "a kernel command line of " + std::to_string(line.size()) + " bytes",
                          E2BIG);
  }
  return line;
}

// Lets QEMU open a descriptor by name: each number is a set of its own.
void addDescriptor(std::vector<std::string>& arguments, int number) {
  const std::string text = std::to_string(number);
  arguments.insert(arguments.end(), {"-add-fd", "fd=" + text + ",set=" + text});
}

std::string descriptorName(int number) {
  return "/dev/fdset/" + std::to_string(number);
}

void addDisk(std::vector<std::string>& arguments, std::size_t index, const std::string& bus,
             const std::string& options) {
  const int number = kFirstDisk + static_cast<int>(index);
  const std::string id = "disk" + std::to_string(index);
  addDescriptor(arguments, number);
  arguments.insert(arguments.end(), {"-drive",
                                     "if=none,format=raw,id=" + id + options +
                                         ",file.filename=" + descriptorName(number),
                                     "-device", "virtio-blk-" + bus + ",drive=" + id});
}

std::vector<std::string> qemuArguments(const architectures::Architecture& architecture,
                                       const Boot& boot) {
  const architectures::Qemu& system = architecture.qemu.value();
  const bool kvm = boot.accelerator == Accelerator::kvm;
  std::vector<std::string> arguments = {system.program, "-nodefaults", "-no-user-config",
                                        "-no-reboot"};
  const auto option = [&](std::string name, std::string value) {
    arguments.push_back(std::move(name));
    arguments.push_back(std::move(value));
  };
  option("-display", "none");
  option("-machine", system.machine);
  option("-accel", kvm                            ? "kvm"
                   : needsOneThread(system, boot) ? "tcg,thread=single"
                                                  : "tcg,thread=multi");
  // sleep=off: time passes at once while the guest is idle.
  if (boot.counts_instructions) option("-icount", "shift=0,sleep=off");
  option("-cpu", kvm ? "host" : boot.needs_features ? "max" : system.processor);
  option("-smp", std::to_string(boot.cpus));
  option("-m", std::to_string(boot.memory_megabytes));
  arguments.insert(arguments.end(), system.arguments.begin(), system.arguments.end());
  option("-kernel", boot.kernel.string());
  option("-initrd", boot.initramfs.string());
  option("-append", commandLine(system, boot));
  addDescriptor(arguments, kConsole);
  option("-chardev", "file,id=console,append=on,path=" + descriptorName(kConsole));
  option("-serial", "chardev:console");
  addDescriptor(arguments, kVerdicts);
  option("-chardev", "file,id=verdicts,append=on,path=" + descriptorName(kVerdicts));
  if (boot.serial_verdicts) {
    // The same pipe: the guest writes to one of the two.
    option("-chardev", "file,id=serial-verdicts,append=on,path=" + descriptorName(kVerdicts));
    option("-serial", "chardev:serial-verdicts");
  }
  option("-device", "virtio-serial-" + system.virtio_bus);
  option("-device", "virtserialport,chardev=verdicts,name=" + architecture.verdicts);
  if (boot.terminal >= 0) {
    option("-chardev", "socket,id=terminal,fd=" + std::to_string(kTerminal));
    option("-device", "virtconsole,chardev=terminal");
  }
  // The monitor distinguishes a power-off from a reset; the exit status does not.
  option("-chardev", "socket,id=control,fd=" + std::to_string(kControl));
  option("-mon", "chardev=control,mode=control");
  for (std::size_t index = 0; index < boot.disks.size(); ++index) {
    // Read-only, and other machines read the same image: no lock.
    addDisk(arguments, index, system.virtio_bus, ",readonly=on,file.locking=off");
  }
  std::size_t disks = boot.disks.size();
  if (!boot.writable_disk.empty()) {
    addDisk(arguments, disks++, system.virtio_bus, ",auto-read-only=off");
  }
  if (boot.scratch_bytes > 0) {
    // Zeroes give the memory back.
    addDisk(arguments, disks, system.virtio_bus,
            ",auto-read-only=off,discard=unmap,detect-zeroes=unmap,file.locking=off");
  }
  return arguments;
}

// Sparse: it takes the memory that the guest writes to.
sys::Descriptor makeScratch(std::uint64_t bytes) {
  sys::Descriptor memory(static_cast<int>(
      sys::require(memfd_create("scratch", MFD_CLOEXEC), "memfd_create", "for a disk")));
  sys::require(ftruncate(memory.get(), static_cast<off_t>(bytes)), "ftruncate", "a disk in memory");
  return memory;
}

}  // namespace

StartedMachine startQemu(const architectures::Architecture& architecture, const Boot& boot) {
  openImage("open the kernel", boot.kernel);
  openImage("open the initramfs", boot.initramfs);
  sys::Pipe console = makeGuestPipe(), verdicts = makeGuestPipe();
  // QEMU's own messages go to the console as well.
  const sys::Descriptor errors(static_cast<int>(
      sys::require(fcntl(console.write.get(), F_DUPFD_CLOEXEC, 3), "dup", "the console's pipe")));
  std::array<int, 2> ends{};
  sys::require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair",
               "for QEMU's monitor");
  sys::Descriptor control(ends[0]);
  const sys::Descriptor far_control(ends[1]);

  sys::Command command{.arguments = qemuArguments(architecture, boot)};
  command.inherited = {{console.write.get(), kConsole},
                       {errors.get(), STDERR_FILENO},
                       {verdicts.write.get(), kVerdicts},
                       {far_control.get(), kControl}};
  if (boot.terminal >= 0) command.inherited[boot.terminal] = kTerminal;
  std::vector<sys::Descriptor> disks;
  for (std::size_t index = 0; index < boot.disks.size(); ++index) {
    disks.push_back(openImage("open the disk", boot.disks[index]));
    command.inherited[disks.back().get()] = kFirstDisk + static_cast<int>(index);
  }
  if (!boot.writable_disk.empty()) {
    disks.push_back(openWritableImage("open the disk", boot.writable_disk));
    command.inherited[disks.back().get()] = kFirstDisk + static_cast<int>(boot.disks.size());
  }
  if (boot.scratch_bytes > 0) {
    const auto number = kFirstDisk + static_cast<int>(disks.size());
    disks.push_back(makeScratch(boot.scratch_bytes));
    command.inherited[disks.back().get()] = number;
  }

  StartedMachine machine{.process = startProgram(command, architecture.qemu->package),
                         .console = std::move(console.read),
                         .verdicts = std::move(verdicts.read),
                         .control = std::move(control)};
  // The monitor sends no events before this command.
  static constexpr char kGreeting[] = "{\"execute\":\"qmp_capabilities\"}\n";
  sys::require(send(machine.control.get(), kGreeting, sizeof kGreeting - 1, MSG_NOSIGNAL), "greet",
               "QEMU's monitor");
  sys::require(fcntl(machine.control.get(), F_SETFL, O_NONBLOCK), "fcntl", "QEMU's monitor");
  return machine;
}

}  // namespace qemu
