// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/make.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <sstream>

#include "architectures/registry.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"

namespace runner {

namespace {

constexpr std::size_t kErrorLines = 12;

}  // namespace

const architectures::Architecture& hostArchitecture() {
  if (const auto* found = architectures::ofHost()) return *found;
  throw Failure(ExitStatus::environment,
                fmt::format("the host's architecture, {}, is not known here; known are {}",
                            architectures::hostMachine(), architectures::names()));
}

std::string compilerTool(const architectures::Architecture& architecture, const std::string& name) {
  return findTool(architecture.compiler_prefix + name, architecture.compiler_package).string();
}

std::string compilerIdentity(const architectures::Architecture& architecture) {
  const std::string host = architectures::hostMachine();
  if (architecture.compiler_prefix.empty() && architecture.machine != host) {
    throw Failure(ExitStatus::environment,
                  fmt::format("kernels for {} are built on {} only, and the host is {}",
                              architecture.title, architecture.machine, host));
  }
  const std::string gcc = compilerTool(architecture, "gcc");
  const sys::Output output = sys::runCommand({{gcc, "-v"}, {}, {{"LC_ALL", "C"}}});
  const std::string_view version_is = "gcc version ", target_is = "Target: ";
  std::string version, target;
  std::istringstream lines(output.text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(version_is)) version = line.substr(0, line.find_last_not_of(' ') + 1);
    if (line.starts_with(target_is)) target = line.substr(target_is.size());
  }
  return version + ", " + target;
}

sys::Command makeCommand(const KernelMake& make, const std::vector<std::string>& targets,
                         const Cache& cache) {
  const std::string ccache = hasTool("ccache") ? "ccache " : "";
  const std::string& prefix = make.compiler_prefix;
  sys::Command command;
  command.arguments = {findTool("make").string(),   "-C",
                       make.source.string(),        "O=" + make.folder.string(),
                       "ARCH=" + make.architecture, "CC=" + ccache + prefix + "gcc",
                       "HOSTCC=" + ccache + "gcc"};
  command.arguments.insert(command.arguments.end(), targets.begin(), targets.end());
  command.environment = {{"LC_ALL", "C"},
                         {"MAKEFLAGS", ""},
                         {"MAKELEVEL", ""},
                         {"CROSS_COMPILE", prefix},
                         {"LLVM", ""},
                         {"KCFLAGS", ""},
                         {"KBUILD_BUILD_USER", "ovl-syncfs"},
                         {"KBUILD_BUILD_HOST", "ovl-syncfs"},
                         {"KBUILD_BUILD_VERSION", "1"},
                         {"KBUILD_BUILD_TIMESTAMP", "Thu Jan  1 00:00:00 UTC 1970"}};
  // Without this, everything that is compiled for the first time is preprocessed twice.
  command.environment["CCACHE_DEPEND"] = "1";
  if (std::getenv("CCACHE_DIR") == nullptr) {
    command.environment["CCACHE_DIR"] = cache.folder("ccache").string();
  }
  return command;
}

std::string_view madeFile(std::string_view line) {
  if (line.size() < 10 || line.substr(0, 2) != "  " ||
      std::isupper(static_cast<unsigned char>(line[2])) == 0) {
    return {};
  }
  const auto word_end = line.find(' ', 2);
  const auto name =
      word_end == std::string_view::npos ? word_end : line.find_first_not_of(' ', word_end);
  return name == std::string_view::npos ? std::string_view() : line.substr(name);
}

std::string firstError(const std::vector<std::string>& log) {
  // The kinds of errors, most telling first: what make says at the end only repeats them.
  constexpr std::array<std::string_view, 9> kSigns = {": error: ",
                                                      " fatal error: ",
                                                      "error: ",
                                                      "undefined reference",
                                                      "multiple definition",
                                                      "No rule to make target",
                                                      "not found",
                                                      "ERROR: ",
                                                      "*** "};
  for (const std::string_view sign : kSigns) {
    const auto found = std::find_if(log.begin(), log.end(), [&](const std::string& line) {
      return line.find(sign) != std::string::npos;
    });
    if (found == log.end()) continue;
    auto begin = found;
    // "In function 'x':" and "In file included from" stand just above.
    while (begin != log.begin() && found - begin < 3 &&
           ((begin - 1)->find("In function") != std::string::npos ||
            (begin - 1)->find("In file included from") != std::string::npos)) {
      --begin;
    }
    std::string text;
    for (auto line = begin; line != log.end(); ++line) {
      const bool new_report = line != found && line > found &&
                              (!madeFile(*line).empty() || line->rfind("make", 0) == 0 ||
                               line->find(": error: ") != std::string::npos ||
                               line->find(": warning: ") != std::string::npos);
      if (new_report || line - begin >= static_cast<std::ptrdiff_t>(kErrorLines)) break;
      text += "  " + *line + '\n';
    }
    text.pop_back();
    return text;
  }
  return {};
}

}  // namespace runner
