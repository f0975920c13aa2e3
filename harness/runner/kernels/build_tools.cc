// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/build_tools.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>
#include <system_error>

#include "runner/base/failure.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// The packages of the programs whose name is not their package's.
std::string packageOf(const std::string& program) {
  static const std::map<std::string, std::string> packages = {
      {"apt-get", "apt"},
      {"apt-cache", "apt"},
      {"dpkg-deb", "dpkg"},
      {"xz", "xz-utils"},
      {"mkfs.ext4", "e2fsprogs"},
      {"mkfs.xfs", "xfsprogs"},
      {"mkfs.btrfs", "btrfs-progs"},
      {"strip", "binutils"},
      {"ld", "binutils"},
  };
  const auto found = packages.find(program);
  return found == packages.end() ? program : found->second;
}

Failure missing(const std::string& program, const std::string& package) {
  std::string advice = "apt-get install " + package;
  if (package == "apt") {
    advice =
        "kernel source comes out of Debian's archive through apt. Without apt, name your own: "
        "--tree DIR";
  }
  return {ExitStatus::environment, fmt::format("`{}` is missing: {}", program, advice)};
}

// Cuts what comes through a pipe into lines.
class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& on_line) : on_line_(on_line) {}

  // Passes on what is there to read now; false at the end.
  bool read(int pipe) {
    std::array<char, 16384> block;
    while (true) {
      const ssize_t length = ::read(pipe, block.data(), block.size());
      if (length == 0) return false;
      if (length < 0 && errno == EINTR) continue;
      if (length < 0) return true;
      pending_.append(block.data(), static_cast<std::size_t>(length));
      std::size_t begin = 0;
      for (std::size_t end = 0; (end = pending_.find('\n', begin)) != std::string::npos;
           begin = end + 1) {
        on_line_(std::string_view(pending_).substr(begin, end - begin));
      }
      pending_.erase(0, begin);
    }
  }
  void finish() {
    if (!pending_.empty()) on_line_(pending_);
  }

 private:
  const std::function<void(std::string_view)>& on_line_;
  std::string pending_;
};

std::optional<fs::path> lookUp(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path == nullptr ? "/usr/bin:/bin" : path) +
                             ":/usr/local/sbin:/usr/sbin:/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path candidate = fs::path(folder) / program;
    std::error_code error;
    if (!folder.empty() && fs::is_regular_file(candidate, error) &&
        ::access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace

fs::path findTool(const std::string& program, const std::string& package) {
  if (const auto found = lookUp(program)) return *found;
  throw missing(program, package.empty() ? packageOf(program) : package);
}

bool hasTool(const std::string& program) {
  return lookUp(program).has_value();
}

sys::Exit runLines(const sys::Command& command,
                   const std::function<void(std::string_view)>& on_line) {
  sys::Command piped = command;
  piped.arguments[0] = findTool(command.arguments[0]).string();
  sys::Pipe pipe = sys::Pipe::make();
  sys::Descriptor second(::fcntl(pipe.write.get(), F_DUPFD_CLOEXEC, 3));
  sys::require(second.get(), "dup", "a pipe");
  piped.inherited[pipe.write.get()] = STDOUT_FILENO;
  piped.inherited[second.get()] = STDERR_FILENO;
  sys::ChildProcess child(piped);
  pipe.write.close();
  second.close();
  sys::require(::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK), "fcntl", "a pipe");

  Lines lines(on_line);
  bool open = true;
  while (open) {
    sys::throwIfInterrupted();
    std::array<pollfd, 3> events{{{pipe.read.get(), POLLIN, 0},
                                  {child.pidfd(), POLLIN, 0},
                                  {sys::interruptDescriptor(), POLLIN, 0}}};
    ::poll(events.data(), events.size(), -1);
    // A daemon that the command left behind (a compiler server) may keep the pipe open for ever.
    const bool ended = child.wait(std::chrono::milliseconds(0)).has_value();
    open = lines.read(pipe.read.get()) && !ended;
  }
  lines.finish();
  return child.wait();
}

}  // namespace runner
