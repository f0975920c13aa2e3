// SPDX-License-Identifier: GPL-2.0
#include "runner/kernel/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include "runner/disk_space.h"
#include "runner/failure.h"
#include "runner/kernel/commands.h"
#include "runner/kernel/config.h"
#include "runner/read_file.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kBuildBytes = 600u << 20;
constexpr std::size_t kErrorLines = 12;
// Files that make reports for a build from nothing, until a build of one's own was counted.
constexpr int kStepsForUml = 1480;
constexpr int kStepsForX86 = 2050;

// "  CC      fs/ext4/inode.o" -> "fs/ext4/inode.o": how make reports a file that it makes.
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

class Build {
 public:
  Build(const BuildRequest& request, const Cache& cache, Progress& progress)
      : request_(request), cache_(cache), progress_(progress), log_(request.folder / "build.log") {}

  BuiltKernel run() {
    for (const char* tool : {"make", "gcc", "ld", "flex", "bison", "bc", "strip"}) findTool(tool);
    std::error_code error;
    fs::create_directories(request_.folder, error);
    if (error) throw writeFailure(request_.folder, error.value());
    requireSpace(request_.folder, kBuildBytes, "building " + request_.name);
    std::ofstream(log_, std::ios::trunc).close();
    configure();
    compile();
    return finish();
  }

 private:
  bool uml() const { return request_.machine == qemu::Kind::userModeLinux; }

  sys::Command makeCommand(std::vector<std::string> targets) const {
    const std::string ccache = hasTool("ccache") ? "ccache " : "";
    sys::Command command;
    command.arguments = {"make",
                         "-C",
                         request_.source.string(),
                         "O=" + request_.folder.string(),
                         uml() ? "ARCH=um" : "ARCH=x86_64",
                         "CC=" + ccache + "gcc",
                         "HOSTCC=" + ccache + "gcc"};
    command.arguments.insert(command.arguments.end(), targets.begin(), targets.end());
    // What the caller's environment says about other builds must not leak into this one, and two
    // builds of the same thing are the same.
    command.environment = {{"LC_ALL", "C"},
                           {"MAKEFLAGS", ""},
                           {"MAKELEVEL", ""},
                           {"CROSS_COMPILE", ""},
                           {"LLVM", ""},
                           {"KCFLAGS", ""},
                           {"KBUILD_BUILD_USER", "ovl-syncfs"},
                           {"KBUILD_BUILD_HOST", "ovl-syncfs"},
                           {"KBUILD_BUILD_VERSION", "1"},
                           {"KBUILD_BUILD_TIMESTAMP", "Thu Jan  1 00:00:00 UTC 1970"}};
    if (!request_.own) command.environment["LOCALVERSION"] = "";
    // Without this, everything that is compiled for the first time is preprocessed twice.
    command.environment["CCACHE_DEPEND"] = "1";
    if (std::getenv("CCACHE_DIR") == nullptr) {
      command.environment["CCACHE_DIR"] = cache_.folder("ccache").string();
    }
    return command;
  }

  // Runs make; its output goes to the log, and to on_line.
  template <typename OnLine>
  void make(std::vector<std::string> targets, const OnLine& on_line) {
    std::ofstream log(log_, std::ios::app);
    std::vector<std::string> lines;
    const sys::Exit exit = runLines(makeCommand(std::move(targets)), [&](std::string_view line) {
      log << line << '\n';
      lines.emplace_back(line);
      on_line(line);
    });
    log.close();
    if (!log) throw writeFailure(log_, ENOSPC);
    if (!exit.ok()) fail(lines, exit);
  }

  [[noreturn]] void fail(const std::vector<std::string>& lines, const sys::Exit& exit) const {
    const auto says = [&](std::string_view text) {
      return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.find(text) != std::string::npos;
      });
    };
    if (says("No space left on device") || says("Disk quota exceeded")) {
      throw writeFailure(request_.folder, ENOSPC);
    }
    if (says("source tree is not clean")) {
      throw Failure(
          ExitStatus::usage,
          fmt::format("{} was built in place, and kbuild then cannot build it elsewhere. "
                      "Run `make mrproper` there (it removes its .config), or name a clean "
                      "checkout: git worktree add",
                      request_.source.string()));
    }
    std::string error = firstError(lines);
    if (error.empty()) {
      error = exit.signal != 0 ? fmt::format("make was killed by signal {}", exit.signal)
                               : fmt::format("make ended with status {}", exit.code);
    }
    throw Failure(ExitStatus::build, fmt::format("{} does not build:\n{}\nThe whole log: {}",
                                                 request_.name, error, log_.string()));
  }

  void configure() {
    const std::vector<Option> wanted = readFragments(request_.fragments);
    const auto ignore = [](std::string_view) {};
    const fs::path config = request_.folder / ".config";
    const fs::path stamp = request_.folder / "configured";
    if (!request_.configuration_key.empty() && readFile(stamp) == stampOf(wanted)) return;
    progress_.step("configure " + request_.name);
    make({"tinyconfig"}, ignore);
    std::ofstream out(config, std::ios::app);
    for (const Option& option : wanted) out << option.text() << '\n';
    out.close();
    if (!out) throw writeFailure(config, ENOSPC);
    make({"olddefconfig"}, ignore);
    report(lostOptions(wanted, readFile(config)));
    std::ofstream(stamp) << stampOf(wanted);
  }

  // Of a configuration that was made for this request, as it is now.
  std::string stampOf(const std::vector<Option>& wanted) const {
    std::string text = request_.configuration_key + '\n';
    for (const Option& option : wanted) text += option.text() + '\n';
    return hashOfText(text + readFile(request_.folder / ".config"));
  }

  void report(const std::vector<std::string>& lost) {
    if (lost.empty()) return;
    std::string text =
        fmt::format("{}'s configuration did not keep what was asked for:", request_.name);
    for (const std::string& line : lost) text += "\n  " + line;
    if (!request_.own) throw Failure(ExitStatus::build, text);
    progress_.note(text);
  }

  void compile() {
    progress_.step("build " + request_.name);
    const fs::path count_file = request_.folder / "steps";
    int expected = uml() ? kStepsForUml : kStepsForX86;
    std::ifstream(count_file) >> expected;
    int steps = 0;
    const unsigned jobs = std::thread::hardware_concurrency() + 1;
    make({fmt::format("-j{}", jobs), uml() ? "linux" : "vmlinux"}, [&](std::string_view line) {
      const std::string_view file = madeFile(line);
      if (file.empty()) return;
      ++steps;
      // The estimate may be too low, and a build that goes on is never at its end.
      progress_.advance(std::min(0.99, static_cast<double>(steps) / expected), file);
    });
    // A build that found most of its work done says nothing about one from nothing.
    if (steps > expected / 2) std::ofstream(count_file) << steps;
  }

  BuiltKernel finish() {
    BuiltKernel built;
    const fs::path linked = request_.folder / (uml() ? "linux" : "vmlinux");
    built.image = request_.folder / "image";
    built.config = request_.folder / ".config";
    std::istringstream(readFile(request_.folder / "include/config/kernel.release")) >>
        built.release;
    const sys::Output output = sys::runCommand({{findTool("strip").string(), "--strip-debug", "-o",
                                                 built.image.string(), linked.string()}});
    if (!output.exit.ok()) {
      throw Failure(ExitStatus::build,
                    fmt::format("cannot strip {}: {}", linked.string(), output.text));
    }
    return built;
  }

  const BuildRequest& request_;
  const Cache& cache_;
  Progress& progress_;
  fs::path log_;
};

}  // namespace

BuiltKernel buildKernel(const BuildRequest& request, const Cache& cache, Progress& progress) {
  return Build(request, cache, progress).run();
}

std::string compilerIdentity() {
  const sys::Output output =
      sys::runCommand({{findTool("gcc").string(), "-v"}, {}, {{"LC_ALL", "C"}}});
  std::string version, target;
  std::istringstream lines(output.text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("gcc version ", 0) == 0) version = line;
    if (line.rfind("Target: ", 0) == 0) target = line.substr(std::string("Target: ").size());
  }
  while (!version.empty() && version.back() == ' ') version.pop_back();
  return version + ", " + target;
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
