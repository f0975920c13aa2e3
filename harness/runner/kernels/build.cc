// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/build.h"

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

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/read_file.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/config.h"
#include "runner/kernels/make.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kBuildBytes = 600u << 20;

class Build {
 public:
  Build(const BuildRequest& request, const Cache& cache, Progress& progress)
      : request_(request), cache_(cache), progress_(progress), log_(request.folder / "build.log") {}

  BuiltKernel run() {
    for (const char* tool : {"make", "flex", "bison", "bc"}) findTool(tool);
    for (const char* tool : {"gcc", "ld", "strip"}) compilerTool(request_.architecture, tool);
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
  sys::Command command(const std::vector<std::string>& targets) const {
    sys::Command command =
        makeCommand({request_.source, request_.folder, request_.architecture.name,
                     request_.architecture.compiler_prefix},
                    targets, cache_);
    if (!request_.own) command.environment["LOCALVERSION"] = "";
    return command;
  }

  // Runs make; its output goes to the log, and to on_line.
  template <typename OnLine>
  void make(const std::vector<std::string>& targets, const OnLine& on_line) {
    std::ofstream log(log_, std::ios::app);
    std::vector<std::string> lines;
    const sys::Exit exit = runLines(command(targets), [&](std::string_view line) {
      log << line << '\n';
      lines.emplace_back(line);
      on_line(line);
    });
    log.close();
    if (!log) throw writeFailure(log_, ENOSPC);
    if (!exit.ok()) fail(lines, exit);
  }

  [[noreturn]] void fail(const std::vector<std::string>& lines, const sys::Exit& exit) const {
    const bool is_full = std::ranges::any_of(lines, [](const std::string& line) {
      return line.find("No space left on device") != std::string::npos ||
             line.find("Disk quota exceeded") != std::string::npos;
    });
    if (is_full) throw writeFailure(request_.folder, ENOSPC);
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
    int expected = request_.architecture.build_steps;  // until a build of one's own was counted
    if (int counted = 0; std::ifstream(count_file) >> counted) expected = counted;
    int steps = 0;
    const unsigned jobs = std::thread::hardware_concurrency() + 1;
    make({fmt::format("-j{}", jobs), request_.architecture.target}, [&](std::string_view line) {
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
    const fs::path linked = request_.folder / request_.architecture.target;
    built.image = request_.folder / "image";
    built.config = request_.folder / ".config";
    std::istringstream(readFile(request_.folder / "include/config/kernel.release")) >>
        built.release;
    const sys::Output output =
        sys::runCommand({{compilerTool(request_.architecture, "strip"), "--strip-debug", "-o",
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

}  // namespace runner
