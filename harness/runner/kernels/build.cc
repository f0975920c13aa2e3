// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include "architectures/registry.h"
#include "qemu/host.h"
#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/config.h"
#include "runner/kernels/first_error.h"

namespace runner {

namespace fs = std::filesystem;

const architectures::Architecture& hostArchitecture() {
  if (const auto* found = architectures::ofHost()) return *found;
  throw Failure(ExitStatus::environment,
                "the host's architecture {} is not supported; supported: {}",
                architectures::hostMachine(), architectures::names());
}

std::string compilerTool(const architectures::Architecture& architecture, const std::string& name) {
  return findTool(architecture.compiler_prefix + name, architecture.compiler_package).string();
}

std::string compilerIdentity(const architectures::Architecture& architecture) {
  const std::string host = architectures::hostMachine();
  if (architecture.compiler_prefix.empty() && architecture.machine != host) {
    throw Failure(ExitStatus::environment,
                  "kernels for {} are built on {} only, and the host is {}", architecture.title,
                  architecture.machine, host);
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
                       make.source.string(),        "O=" + make.directory.string(),
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
    command.environment["CCACHE_DIR"] = cache.directory("ccache").string();
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

namespace {

constexpr std::uintmax_t kBuildBytes = 600u << 20;

class Build {
 public:
  Build(const BuildRequest& request, const Cache& cache, Progress& progress)
      : request_(request),
        cache_(cache),
        progress_(progress),
        log_(request.directory / "build.log") {}

  BuiltKernel run() {
    for (const char* tool : kBuildTools) findTool(tool);
    for (const char* tool : kCompilerTools) compilerTool(request_.architecture, tool);
    std::error_code error;
    fs::create_directories(request_.directory, error);
    if (error) throw writeFailure(request_.directory, error.value());
    requireSpace(request_.directory, kBuildBytes, "building " + request_.name);
    std::ofstream(log_, std::ios::trunc).close();
    configure();
    compile();
    return finish();
  }

 private:
  sys::Command command(const std::vector<std::string>& targets) const {
    sys::Command command =
        makeCommand({request_.source, request_.directory, request_.architecture.name,
                     request_.architecture.compiler_prefix},
                    targets, cache_);
    if (request_.own.empty()) command.environment["LOCALVERSION"] = "";
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
    const BuildError error = firstError(lines);
    if (error.kind == BuildError::Kind::diskFull) throw writeFailure(request_.directory, ENOSPC);
    const auto failure = [&](ExitStatus status, std::string_view text, std::string_view advice) {
      return Failure(status, "{} does not build:\n{}\n{}Full log: {}", request_.name, text, advice,
                     log_.string());
    };
    switch (error.kind) {
      case BuildError::Kind::memory:
        throw failure(ExitStatus::environment, error.text,
                      "The host ran out of memory. Close other programs, add swap space, or use a "
                      "host with more memory.\n");
      case BuildError::Kind::program:
        throw failure(ExitStatus::environment, error.text,
                      "This kernel's build needs that program or library: install it.\n");
      case BuildError::Kind::none:
        throw failure(ExitStatus::build,
                      exit.signal != 0 ? fmt::format("  make was killed by signal {}", exit.signal)
                                       : fmt::format("  make exited with status {}", exit.code),
                      "");
      default:
        throw failure(ExitStatus::build, error.text, "");
    }
  }

  void configure() {
    const std::vector<Option> wanted = readFragments(request_.fragments);
    const auto ignore = [](std::string_view) {};
    const fs::path config = request_.directory / ".config";
    const fs::path stamp = request_.directory / "configured";
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

  // Identifies the requested configuration together with the .config that was made for it.
  std::string stampOf(const std::vector<Option>& wanted) const {
    std::string text = request_.configuration_key + '\n';
    for (const Option& option : wanted) text += option.text() + '\n';
    return hashOfText(text + readFile(request_.directory / ".config"));
  }

  void report(const std::vector<std::string>& lost) {
    if (lost.empty()) return;
    const auto text = [&](const std::string& name) {
      return fmt::format("the configuration of {} lost these options:\n  {}", name,
                         fmt::join(lost, "\n  "));
    };
    if (request_.own.empty()) throw Failure(ExitStatus::build, text(request_.name));
    progress_.note(text(request_.own));
  }

  void compile() {
    progress_.step("build " + request_.name);
    const fs::path count_file = request_.directory / "steps";
    int expected = request_.architecture.build_steps;  // until a build has been counted
    if (int counted = 0; std::ifstream(count_file) >> counted) expected = counted;
    int steps = 0;
    const unsigned jobs = std::thread::hardware_concurrency() + 1;
    make({fmt::format("-j{}", jobs), request_.architecture.target}, [&](std::string_view line) {
      const std::string_view file = madeFile(line);
      if (file.empty()) return;
      ++steps;
      // The estimate may be too low: never show 100 % during the build.
      progress_.advance(std::min(0.99, static_cast<double>(steps) / expected), file);
    });
    // A mostly incremental build says nothing about the steps of a full one.
    if (steps > expected / 2) std::ofstream(count_file) << steps;
  }

  BuiltKernel finish() {
    BuiltKernel built;
    const fs::path linked = request_.directory / request_.architecture.target;
    built.image = request_.directory / "image";
    built.config = request_.directory / ".config";
    std::istringstream(readFile(request_.directory / "include/config/kernel.release")) >>
        built.release;
    const sys::Output output =
        sys::runCommand({{compilerTool(request_.architecture, "strip"), "--strip-debug", "-o",
                          built.image.string(), linked.string()}});
    if (!output.exit.ok()) {
      throw Failure(ExitStatus::build, "cannot strip {}: {}", linked.string(), output.text);
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
  // kbuild runs programs that it has built.
  if (const std::string why = qemu::whyNotExecutable(request.directory); !why.empty()) {
    throw Failure(ExitStatus::environment, why);
  }
  return Build(request, cache, progress).run();
}

}  // namespace runner
