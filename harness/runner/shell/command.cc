// SPDX-License-Identifier: GPL-2.0-only
#include "runner/shell/command.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "qemu/initramfs.h"
#include "qemu/machine.h"
#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/terminal.h"
#include "runner/kernels/build.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/elf.h"
#include "runner/run/disks.h"
#include "runner/run/guest_modules.h"
#include "runner/run/machine_plan.h"
#include "runner/run/wanted.h"
#include "runner/shell/guest_terminal.h"
#include "runner/shell/shell_record.h"
#include "sys/descriptor.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestScript = 1u << 20;  // bytes; it takes guest memory

// All of standard input, which is not a terminal: the commands to run.
std::string readScript() {
  std::string script;
  std::array<char, 16384> buffer;
  for (;;) {
    std::array<pollfd, 2> events{
        {{STDIN_FILENO, POLLIN, 0}, {sys::interruptDescriptor(), POLLIN, 0}}};
    ::poll(events.data(), events.size(), -1);
    sys::throwIfInterrupted();
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size == 0) return script;
    if (size < 0 && errno != EINTR && errno != EAGAIN) {
      throw Failure(
          ExitStatus::environment,
          fmt::format("cannot read commands from standard input: {}", std::strerror(errno)));
    }
    if (size > 0) script.append(buffer.data(), static_cast<std::size_t>(size));
    if (script.size() > kLongestScript) {
      throw Failure(ExitStatus::usage,
                    fmt::format("standard input is not a terminal, so it is read as a script for "
                                "the guest's shell; it exceeds {} KiB",
                                kLongestScript >> 10));
    }
  }
}

fs::path findBusybox() {
  constexpr const char* kAdvice =
      "the guest's shell is Debian's busybox-static: apt-get install busybox-static";
  if (!hasTool("busybox")) {
    throw Failure(ExitStatus::environment, fmt::format("`busybox` is missing: {}", kAdvice));
  }
  fs::path program = findTool("busybox");
  if (!isStaticProgram(program, hostArchitecture())) {
    throw Failure(ExitStatus::environment,
                  fmt::format("{} is dynamically linked, and the guest has no libraries: {}",
                              program.string(), kAdvice));
  }
  return program;
}

// TERM if it is safe on a kernel command line, else "dumb". No known name is longer than this.
std::string terminalType() {
  const char* type = std::getenv("TERM");
  const std::string name = type == nullptr ? "" : type;
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '+' || c == '_';
  });
  return plain && !name.empty() && name.size() <= 64 ? name : "dumb";
}

// Checks that a guest can use the file, whatever it contains.
void checkDisk(const fs::path& disk, bool is_shared) {
  std::error_code error;
  const auto size = fs::is_regular_file(disk, error) ? fs::file_size(disk, error) : 0;
  if (size == 0 || size % 512 != 0 || ::access(disk.c_str(), is_shared ? R_OK : W_OK) != 0) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--disk {}: must be a {} file whose size is a multiple of 512 bytes "
                              "(truncate -s 64M FILE; mkfs.ext4 FILE)",
                              disk.string(), is_shared ? "readable" : "writable"));
  }
  // For an early and clear message; the machine takes the lock that counts.
  const sys::Descriptor file(::open(disk.c_str(), (is_shared ? O_RDONLY : O_RDWR) | O_CLOEXEC));
  if (file && ::flock(file.get(), (is_shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
    throw Failure(ExitStatus::environment,
                  fmt::format("--disk {}: another guest uses it; end that guest first, or name "
                              "another file",
                              disk.string()));
  }
}

// Adds the arguments of a shell to those that every guest gets.
std::vector<std::string> argumentsOf(const ShellOptions& options, const qemu::Machine& machine,
                                     bool has_script, std::vector<std::string> arguments) {
  const auto add = [&](std::initializer_list<std::string> words) {
    arguments.insert(arguments.end(), words);
  };
  add({"--disk", options.filesystems.front() + '=' + qemu::diskDevice(machine, 0), "--shell",
       machine.architecture->terminal});
  if (options.is_volatile) add({"--volatile"});
  if (!options.disk.empty()) add({"--own-disk", qemu::diskDevice(machine, 1)});
  if (has_script) {
    add({"--script", "/script"});
    return arguments;
  }
  add({"--terminal-type", terminalType()});
  winsize window{};
  if (::ioctl(STDIN_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col != 0) {
    add({"--window", fmt::format("{}x{}", window.ws_row, window.ws_col)});
  }
  return arguments;
}

int talk(const Kernel& kernel, qemu::Boot boot, bool has_script) {
  GuestTerminal terminal(!has_script);
  ShellRecord record([&] { terminal.open(); }, timeoutFactorFor(kernel));
  boot.terminal = terminal.guestEnd();
  try {
    const qemu::Outcome outcome = qemu::run(kernel.machine, boot, record.limits(), record);
    terminal.close();
    return record.judge(outcome);
  } catch (const sys::Interrupted&) {
    terminal.close();  // throws if the reader went away, which is the actual reason
    throw;
  }
}

int shell(const ShellOptions& options, const Project& project) {
  checkMachine(options);
  if (options.is_shared && options.disk.empty()) {
    throw Failure(ExitStatus::usage, "--shared is for a disk of your own: add --disk FILE");
  }
  if (!options.disk.empty()) checkDisk(options.disk, options.is_shared);
  const fs::path busybox = findBusybox();
  std::optional<std::string> script;
  if (::isatty(STDIN_FILENO) != 1) script = readScript();

  const Cache cache = Cache::open();
  const std::string& filesystem = options.filesystems.front();
  Kernel kernel;
  std::map<std::string, GuestNeeds> needs;
  qemu::Boot boot;
  Terminal terminal;
  {
    TerminalProgress progress(terminal);
    kernel = provideKernels(options.kernel, project, cache, progress).front();
    needs = needsOf(kernel, {filesystem});
    requireQemu(*kernel.machine.architecture);
    boot.kernel = kernel.image;
    boot.memory_megabytes = memoryFor(kernel);
    boot.disks = {provideDisk(filesystem, cache, progress)};
    if (options.is_shared) {
      boot.disks.push_back(options.disk);
    } else {
      boot.writable_disk = options.disk;
    }
    std::vector<std::string> notes;
    boot.accelerator = acceleratorFor(kernel.machine, options, cache, notes);
    if (!script) {
      terminal.print(fmt::format(
          "Linux {}, series {}{}, in {}; {}overlay on {}. `help` lists the commands",
          kernel.identity.release, kernel.identity.series, kernel.identity.laneInWords(),
          machineInWords(kernel.machine, boot.accelerator), options.is_volatile ? "volatile " : "",
          filesystem));
    }
  }
  const TemporaryDirectory directory(cache.directory("shell"));
  boot.initramfs = directory.path() / "initramfs";
  boot.arguments =
      argumentsOf(options, kernel.machine, script.has_value(), prepareShipped(kernel, boot));
  std::vector<qemu::PackedFile> files =
      packModules(needs[filesystem], directory.path() / "modules");
  files.push_back({"bin/busybox", busybox});
  if (script) {
    files.push_back({"script", directory.path() / "script"});
    writeFileAtomically(files.back().source, *script);
  }
  qemu::writeInitramfs(project.guest, boot.initramfs, files);
  return talk(kernel, boot, script.has_value());
}

void offer(CLI::App& command, ShellOptions& options) {
  addTree(command, options.kernel);
  addModules(command, options.kernel);
  addApply(command, options.kernel);
  addSeries(command, options.kernel, false);
  addMachine(command, options.kernel);
  addOneFilesystem(command, options);
  addFlag(command, "--volatile", options.is_volatile, "mount the overlay as volatile");
  addPath(
      command,
      {"--disk", "FILE", "attach your own disk image, $DISK in the guest; writes to it are kept"},
      options.disk);
  addFlag(command, "--shared", options.is_shared,
          "with --disk: attach it read-only; several guests can use it at a time");
  addAccelerator(command, options);
}

constexpr const char* kDetails =
    R"(In the guest, `help` lists the commands that break and heal the disk. `exit` ends it, Ctrl-] kills
it. If standard input is not a terminal, it is a script for the guest's shell. The exit status is
that of the guest's shell, or as for `run` if the guest did not get that far.

Examples:
  ovl-syncfs shell --series off                   see the bug by hand
  echo 'exec 5<data; lose; syncfs <&5' | ovl-syncfs shell
)";

}  // namespace

Command<ShellOptions> shellCommand() {
  return {"shell", "open a shell in the guest, on an overlay whose disk you can break", kDetails,
          offer, shell};
}

}  // namespace runner
