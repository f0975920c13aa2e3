// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/shell_disk.h"

#include <unistd.h>

#include <cerrno>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "conformance/kernel_probe.h"
#include "conformance/scratch.h"
#include "sys/extents.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr const char* kWorkspace = "/mnt";  // the lower layer is in it

// The file on the bare filesystem, by its path there or in the overlay.
std::string barePath(const std::string& path) {
  const std::string base = std::string(kShellBase) + '/', upper = base + "upper/";
  if (path.starts_with(base)) return path;
  for (const std::string directory : {kShellOverlay, kShellUpper}) {
    if (path.starts_with(directory + '/')) return upper + path.substr(directory.size() + 1);
  }
  throw sys::SetupError("find", path + ": must be in /overlay or in /base", 0);
}

// Lines of /proc/self/mounts, in the format of mount(8).
std::string mountsAt(std::initializer_list<std::string_view> targets) {
  std::ostringstream text;
  std::ifstream mounts("/proc/self/mounts");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string source, target, type, options;
    fields >> source >> target >> type >> options;
    for (const std::string_view wanted : targets) {
      if (target != wanted) continue;
      text << "mounted  " << source << " on " << target << " type " << type << " (" << options
           << ")\n";
    }
  }
  return text.str();
}

std::string writes(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " write" : " writes");
}

sys::SectorRange wholeScratch() {
  return {0, sys::deviceSectors(scratchDevice())};
}

FailingDisk& populated(FailingDisk& disk, Workspace& workspace) {
  LayerDirectories::populate(disk, workspace);
  return disk;
}

}  // namespace

ShellDisk::ShellDisk(const Disk& disk, bool is_volatile)
    : workspace_(kWorkspace, {kShellBase, kShellOverlay}),
      disk_(disk, wholeScratch(), 1),
      subject_(is_volatile ? SubjectKind::volatile_overlay : SubjectKind::overlay,
               populated(disk_, workspace_), workspace_, "", log_) {
  const std::string upper = subject_.upper().root();
  sys::require(::symlink(upper.c_str(), kShellUpper), "symlink", kShellUpper);
}

Reply ShellDisk::answer(const std::string& request) {
  const std::size_t before = log_.lines().size();
  try {
    return answerOrThrow(request);
  } catch (const std::exception& problem) {
    return {false, logSince(before) + problem.what() + '\n'};
  }
}

Reply ShellDisk::answerOrThrow(const std::string& request) {
  const std::size_t space = request.find(' ');
  const std::string command = request.substr(0, space);
  const std::string file = space == std::string::npos ? "" : request.substr(space + 1);
  if (command == "status") return {true, status()};
  if (command == "heal") return {true, heal()};
  if (fault_) return {false, "already broken: " + broken_ + "; run `heal` first\n"};
  if (command == "fail") return {true, fail(barePath(file))};
  if (command == "lose") return {true, lose(file)};
  return {false, "unknown command '" + command + "'\n"};
}

std::string ShellDisk::fail(const std::string& bare_path) {
  const std::size_t before = log_.lines().size();
  fault_.emplace(subject_.disk.breakBlocks(bare_path));
  std::string text = logSince(before);
  broken_ = text.substr(0, text.find('\n'));
  return text;
}

std::string ShellDisk::heal() {
  if (!fault_) return "nothing is broken\n";
  const std::size_t before = log_.lines().size();
  Fault fault = std::move(*fault_);
  fault_.reset();
  broken_.clear();
  try {
    fault.heal();
  } catch (const sys::SetupError& error) {
    // Without errno it says that no write has failed: an error in a case, but not here.
    if (error.error() != 0) throw;
  }
  return logSince(before);
}

std::string ShellDisk::lose(const std::string& path) {
  const std::size_t before = log_.lines().size();
  subject_.disk.loseWriteback(path, barePath(path), FaultKind::error);
  return logSince(before);
}

std::string ShellDisk::status() const {
  return "kernel   Linux " + kernelRelease() + '\n' + mountsAt({kShellBase, kShellOverlay}) +
         "upper    " + kShellUpper + ", a link to " + subject_.upper().root() + '\n' + "disk     " +
         (fault_ ? broken_ : "nothing is broken") + '\n' + "failed   " +
         writes(disk_.failures().writes) + " since the start\n";
}

std::string ShellDisk::logSince(std::size_t from) const {
  std::string text;
  for (std::size_t i = from; i < log_.lines().size(); ++i) {
    const std::string& line = log_.lines()[i];
    const std::size_t time = line.find(": ");
    text += (time == std::string::npos ? line : line.substr(time + 2)) + '\n';
  }
  return text;
}

}  // namespace conformance
