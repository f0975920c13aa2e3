// SPDX-License-Identifier: GPL-2.0-only
// virtme-ng: a kernel of the user's own in QEMU, with the host's files instead of an initramfs.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "qemu/started_machine.h"
#include "qemu/tcg.h"
#include "sys/setup_error.h"
#include "sys/shell_word.h"

namespace qemu {
namespace {

// virtme-ng's init and services need more than our guest.
constexpr unsigned kLeastMegabytes = 1024;
// virtme-ng passes its script on the kernel command line, in Base64, before init=. The kernel
// truncates the command line at 2048 bytes, of which virtme-ng uses up to 700.
constexpr std::size_t kScriptLimit = 1000;

// The path of a descriptor for a process that does not inherit it: virtme-ng passes none on.
std::string pathOf(const sys::Descriptor& descriptor) {
  return fmt::format("/proc/{}/fd/{}", getpid(), descriptor.get());
}

// The status is in the verdicts, so always succeed for virtme-ng.
std::string script(const Boot& boot) {
  std::string text = sys::shellWord(boot.program.string());
  for (const std::string& argument : boot.arguments) text += ' ' + sys::shellWord(argument);
  text += "; true";
  if (text.size() > kScriptLimit) {
    throw sys::SetupError("pass to the guest's program",
                          fmt::format("arguments of {} bytes, including its path, but virtme-ng "
                                      "has room for {}",
                                      text.size(), kScriptLimit),
                          E2BIG);
  }
  return text;
}

// Without /dev/kvm, virtme-ng would silently fall back to TCG.
void requireKvm() {
  const sys::Descriptor device(open("/dev/kvm", O_RDWR | O_CLOEXEC));
  if (!device) throw sys::SetupError("open", "/dev/kvm", errno);
}

// The guest sees the host's files, except in directories that virtme-ng replaces.
void requireSeenByGuest(const std::filesystem::path& program) {
  constexpr std::array kItsOwn = {"/tmp", "/var/tmp", "/var/cache", "/var/log", "/run", "/dev"};
  std::error_code error;
  const std::string path = std::filesystem::canonical(program, error).string() + '/';
  for (const std::string directory : kItsOwn) {
    if (!path.starts_with(directory + '/')) continue;
    throw sys::SetupError("show the guest its program",
                          fmt::format("{}: virtme-ng gives the guest a {} of its own; move this "
                                      "project elsewhere",
                                      program.string(), directory),
                          ENOENT);
  }
}

// virtme-ng quotes paths neither for a shell nor for QEMU.
bool isPlain(const std::string& path) {
  return sys::shellWord(path) == path && path.find(',') == std::string::npos;
}

// Besides the clock's parameters, those that init would set in our own guest: otherwise each swap
// of a dm table waits for a grace period, and each mount prints a line.
std::string kernelParameters(const architectures::Qemu& system, const Boot& boot) {
  return fmt::format("printk.time=1 loglevel=5 rcupdate.rcu_expedited=1 {} {}", kWritableDevices,
                     clockParameters(system, boot));
}

void addDisk(std::string& options, std::size_t index, const std::string& bus,
             const std::string& drive) {
  options +=
      fmt::format(" -drive if=none,format=raw,id=disk{0},{2} -device virtio-blk-{1},drive=disk{0}",
                  index, bus, drive);
}

}  // namespace

StartedMachine startVng(const architectures::Architecture& architecture, const Boot& boot) {
  const architectures::Qemu& system = architecture.qemu.value();
  const bool kvm = boot.accelerator == Accelerator::kvm;
  if (kvm) requireKvm();
  openImage("open the kernel", boot.kernel);
  openImage("open the guest's program", boot.program);
  requireSeenByGuest(boot.program);
  sys::Pipe console = makeGuestPipe(), verdicts = makeGuestPipe(), control = makeGuestPipe();
  std::vector<sys::Descriptor> held;
  std::string options = fmt::format(
      "-chardev file,id=verdicts,append=on,path={} -device virtio-serial-{} "
      "-device virtserialport,chardev=verdicts,name={} "
      // Its greeting shows that QEMU runs; more would need an answer.
      "-chardev file,id=control,append=on,path={} -mon chardev=control,mode=control",
      pathOf(verdicts.write), system.virtio_bus, architecture.verdicts, pathOf(control.write));
  held.push_back(std::move(verdicts.write));
  held.push_back(std::move(control.write));
  for (std::size_t index = 0; index < boot.disks.size(); ++index) {
    held.push_back(openImage("open the disk", boot.disks[index]));
    addDisk(options, index, system.virtio_bus,
            "readonly=on,file.locking=off,file.filename=" + pathOf(held.back()));
  }

  if (!kvm && needsOneThread(system, boot)) options += " -accel tcg,thread=single";

  sys::Command command;
  command.arguments = {"vng",
                       "--run",
                       boot.kernel.string(),  // --verbose: the console goes to standard error
                       "--verbose",
                       "--disable-microvm",
                       "--skip-modules",  // otherwise it creates a directory in the user's tree
                       "--user",
                       "root",
                       "--cpus",
                       std::to_string(boot.cpus),
                       "--memory",
                       fmt::format("{}M", std::max(boot.memory_megabytes, kLeastMegabytes)),
                       "--append",
                       kernelParameters(system, boot),
                       "--exec",
                       script(boot),
                       "--qemu-opts=" + options};
  if (!kvm) command.arguments.emplace_back("--disable-kvm");
  command.inherited = {{console.write.get(), STDERR_FILENO}};
  // If possible, keep the temporary files of virtme-ng, which it leaves when killed, with the
  // run's.
  const std::string directory = boot.console_log.parent_path().string();
  if (!directory.empty() && isPlain(directory)) command.environment["TMPDIR"] = directory;
  command.guarded = true;
  return {.process = startProgram(command, "virtme-ng"),
          .console = std::move(console.read),
          .verdicts = std::move(verdicts.read),
          .control = std::move(control.read),
          .held = std::move(held)};
}

}  // namespace qemu
