// SPDX-License-Identifier: GPL-2.0
// QEMU: a real architecture. A PCI machine, so that anybody's ordinary kernel finds its devices.
#include <fcntl.h>
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
constexpr std::size_t kCommandLineLimit = 2047;  // COMMAND_LINE_SIZE of x86, less its end

std::string commandLine(const Boot& boot) {
  // earlyprintk: a kernel that dies before its console is up says so. panic=-1 restarts at once,
  // which -no-reboot makes an end.
  std::string line = "console=ttyS0 earlyprintk=serial,ttyS0,115200 printk.time=1 panic=-1 " +
                     clockParameters(boot) + ' ' + initArguments(boot.arguments);
  if (line.size() > kCommandLineLimit) {
    throw sys::SetupError("pass to the guest's program",
                          "arguments of " + std::to_string(line.size()) + " bytes with all others",
                          E2BIG);
  }
  return line;
}

// A descriptor as a file name that QEMU knows: the number is a set of its own.
void addDescriptor(std::vector<std::string>& arguments, int number) {
  const std::string text = std::to_string(number);
  arguments.insert(arguments.end(), {"-add-fd", "fd=" + text + ",set=" + text});
}

std::string descriptorName(int number) {
  return "/dev/fdset/" + std::to_string(number);
}

void addDisk(std::vector<std::string>& arguments, std::size_t index, const std::string& options) {
  const int number = kFirstDisk + static_cast<int>(index);
  const std::string id = "disk" + std::to_string(index);
  addDescriptor(arguments, number);
  arguments.insert(arguments.end(), {"-drive",
                                     "if=none,format=raw,id=" + id + options +
                                         ",file.filename=" + descriptorName(number),
                                     "-device", "virtio-blk-pci,drive=" + id});
}

std::vector<std::string> qemuArguments(const Boot& boot) {
  const bool kvm = boot.accelerator == Accelerator::kvm;
  std::vector<std::string> arguments = {kQemuProgram, "-nodefaults", "-no-user-config",
                                        "-no-reboot"};
  const auto option = [&](std::string name, std::string value) {
    arguments.push_back(std::move(name));
    arguments.push_back(std::move(value));
  };
  option("-display", "none");
  option("-machine", "q35");
  option("-accel", kvm ? "kvm" : needsOneThread(boot) ? "tcg,thread=single" : "tcg,thread=multi");
  // Time that nobody waits through passes at once.
  if (boot.counts_instructions) option("-icount", "shift=0,sleep=off");
  option("-cpu", kvm ? "host" : "qemu64");  // TCG: the fewer features a model has, the faster
  option("-smp", std::to_string(boot.cpus));
  option("-m", std::to_string(boot.memory_megabytes));
  // Goes straight to the kernel, a bzImage or a vmlinux with a PVH entry: half a second less than
  // the usual BIOS.
  option("-bios", "qboot.rom");
  option("-kernel", boot.kernel.string());
  option("-initrd", boot.initramfs.string());
  option("-append", commandLine(boot));
  addDescriptor(arguments, kConsole);
  option("-chardev", "file,id=console,append=on,path=" + descriptorName(kConsole));
  option("-serial", "chardev:console");
  addDescriptor(arguments, kVerdicts);
  option("-chardev", "file,id=verdicts,append=on,path=" + descriptorName(kVerdicts));
  option("-device", "virtio-serial-pci");
  option("-device", "virtserialport,chardev=verdicts,name=" + verdictChannel(Kind::qemu));
  if (boot.terminal >= 0) {
    option("-chardev", "socket,id=terminal,fd=" + std::to_string(kTerminal));
    option("-device", "virtconsole,chardev=terminal");
  }
  // Tells a power off from a reset, which the exit status doesn't.
  option("-chardev", "socket,id=control,fd=" + std::to_string(kControl));
  option("-mon", "chardev=control,mode=control");
  for (std::size_t index = 0; index < boot.disks.size(); ++index) {
    // Nobody writes to it, so nobody has to be kept away: other machines read the same image.
    addDisk(arguments, index, ",readonly=on,file.locking=off");
  }
  if (!boot.writable_disk.empty()) addDisk(arguments, boot.disks.size(), ",auto-read-only=off");
  return arguments;
}

}  // namespace

StartedMachine startQemu(const Boot& boot) {
  openImage("open the kernel", boot.kernel);
  openImage("open the initramfs", boot.initramfs);
  sys::Pipe console = makeGuestPipe(), verdicts = makeGuestPipe();
  // QEMU's own words about a machine that it can't start belong beside the kernel's.
  const sys::Descriptor errors(static_cast<int>(
      sys::require(fcntl(console.write.get(), F_DUPFD_CLOEXEC, 3), "dup", "the console's pipe")));
  std::array<int, 2> ends{};
  sys::require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair",
               "for QEMU's monitor");
  sys::Descriptor control(ends[0]);
  const sys::Descriptor far_control(ends[1]);

  sys::Command command{.arguments = qemuArguments(boot)};
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

  StartedMachine machine{.process = startProgram(command, "qemu-system-x86"),
                         .console = std::move(console.read),
                         .verdicts = std::move(verdicts.read),
                         .control = std::move(control)};
  // The monitor sends no event before it is greeted.
  static constexpr char kGreeting[] = "{\"execute\":\"qmp_capabilities\"}\n";
  sys::require(send(machine.control.get(), kGreeting, sizeof kGreeting - 1, MSG_NOSIGNAL), "greet",
               "QEMU's monitor");
  sys::require(fcntl(machine.control.get(), F_SETFL, O_NONBLOCK), "fcntl", "QEMU's monitor");
  return machine;
}

}  // namespace qemu
