// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/build_tools.h"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>
#include <system_error>

#include "filesystems/registry.h"
#include "runner/base/failure.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Debian packages of programs that do not share their package's name.
std::string packageOf(const std::string& program) {
  static const std::map<std::string, std::string> packages = {
      {"apt-get", "apt"}, {"apt-cache", "apt"},  {"dpkg-deb", "dpkg"}, {"depmod", "kmod"},
      {"xz", "xz-utils"}, {"strip", "binutils"}, {"ld", "binutils"},
  };
  for (const std::string& name : filesystems::everyName()) {
    const filesystems::Mkfs& mkfs = filesystems::get(name).mkfs;
    if (mkfs.program == program) return mkfs.package;
  }
  const auto found = packages.find(program);
  return found == packages.end() ? program : found->second;
}

Failure missing(const std::string& program, const std::string& package) {
  std::string advice = "apt-get install " + package;
  if (package == "apt") {
    advice =
        "kernel source is downloaded from Debian's archive through apt. Without apt, give your "
        "own: --tree DIR";
  }
  return {ExitStatus::environment, "`{}` is missing: {}", program, advice};
}

std::optional<fs::path> lookUp(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream directories(std::string(path == nullptr ? "/usr/bin:/bin" : path) +
                                 ":/usr/local/sbin:/usr/sbin:/sbin");
  for (std::string directory; std::getline(directories, directory, ':');) {
    fs::path candidate = fs::path(directory) / program;
    std::error_code error;
    if (!directory.empty() && fs::is_regular_file(candidate, error) &&
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
  sys::Command found = command;
  found.arguments[0] = findTool(command.arguments[0]).string();
  std::string text;
  const sys::Exit exit = sys::runCommand(found, text, [&] {
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
      on_line(std::string_view(text).substr(begin, end - begin));
      begin = end + 1;
    }
    text.erase(0, begin);
  });
  if (!text.empty()) on_line(text);
  return exit;
}

}  // namespace runner
