// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/compile_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <ranges>
#include <thread>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/config.h"
#include "runner/kernels/first_error.h"
#include "series/stored_patch.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Always compiled as a whole: its headers affect all of it.
constexpr const char* kOverlayfs = "fs/overlayfs/";

constexpr std::uintmax_t kBuildBytes = 400u << 20;

// sparse of Debian 12 does not know a keyword in headers of newer kernels and fails on static
// assertions in them; after an error it reports nothing more about a file.
constexpr const char* kSparseFlags = "CF=-D__typeof_unqual__=__typeof__ -D'_Static_assert(...)='";

constexpr std::array<std::string_view, 6> kRemarks = {
    ": warning: ", ": error: ", "Warning: ", "WARNING: ", "ERROR: ", "undefined reference"};

// "fs/sync.c:152:7: warning: x" -> "fs/sync.c: warning: x"
std::string withoutNumbers(std::string_view line) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at + 1;
    while (line[at] == ':' && end < line.size() && std::isdigit(line[end]) != 0) ++end;
    if (end > at + 1 && end < line.size() && (line[end] == ':' || line[end] == ' ')) {
      at = end;
    } else {
      text += line[at++];
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> checkpatch(const fs::path& patch, const fs::path& source) {
  constexpr const char* kSender = "Some Sender <some.sender@example.org>";
  const StoredPatch stored = readPatch(patch);
  const TemporaryDirectory scratch(fs::temp_directory_path());
  const fs::path mail = scratch.path() / patch.filename();
  writeFileAtomically(mail, fmt::format("From: {0}\nSubject: [PATCH] {1}\n\n{2}\n"
                                        "Signed-off-by: {0}\n{3}",
                                        kSender, stored.subject, stored.message, stored.diff));
  const std::string script = (source / "scripts" / "checkpatch.pl").string();
  std::vector<std::string> complaints, all;
  const sys::Exit exit = runLines(
      {{"perl", script, "--strict", "--show-types", "--terse", "--no-summary", mail.string()},
       source,
       // The user's own checkpatch settings are ignored.
       {{"LC_ALL", "C.UTF-8"},
        {"HOME", scratch.path().string()},
        {"CHECKPATCH_CONFIG_DIR", scratch.path().string()}}},
      [&](std::string_view line) {
        all.emplace_back(line);
        for (const std::string_view sign : {"ERROR:", "WARNING:", "CHECK:"}) {
          const auto at = line.find(sign);
          if (at == std::string_view::npos) continue;
          complaints.emplace_back(line.substr(at));
          break;
        }
      });
  if (!exit.ok() && complaints.empty()) {
    throw Failure(ExitStatus::environment,
                  fmt::format("{} cannot be run: {}", script, fmt::join(all, "\n")));
  }
  return complaints;
}

Remarks remarksIn(const std::vector<std::string>& lines, const fs::path& source) {
  Remarks remarks;
  const std::string prefix = source.string() + '/';
  const auto isRemark = [](const std::string& line) {
    return std::ranges::any_of(kRemarks,
                               [&](auto sign) { return line.find(sign) != std::string::npos; });
  };
  for (const std::string& line : lines) {
    if (!isRemark(line)) continue;
    std::string text = withoutNumbers(line);
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    while (text.starts_with("../")) text.erase(0, 3);
    // Each file that includes a header repeats its warnings, and the set of these files varies.
    const bool in_header = text.substr(0, text.find(": ")).ends_with(".h");
    if (!in_header || !remarks.contains(text)) remarks.insert(text);
  }
  return remarks;
}

Remarks notCompiled(const fs::path& directory, const std::set<std::string>& objects) {
  Remarks remarks;
  std::error_code error;
  for (const std::string& object : objects) {
    if (fs::exists(directory / object, error)) continue;
    remarks.insert(fmt::format("error: {} was not compiled: is it in the Makefile?", object));
  }
  return remarks;
}

CompileCheck::CompileCheck(Place place, const Cache& cache, Progress& progress)
    : place_(std::move(place)), cache_(cache), progress_(progress) {
  std::error_code error;
  std::erase_if(place_.touched,
                [&](const std::string& file) { return !fs::exists(place_.source / file, error); });
}

void CompileCheck::forget() {
  std::error_code error;
  fs::remove_all(place_.directory, error);
}

std::map<Check, Remarks> CompileCheck::run(const std::set<Check>& wanted) {
  std::map<Check, Remarks> found;
  if (wanted.contains(Check::builtIn) || wanted.contains(Check::sparse)) {
    found[Check::builtIn] = build(host_.name, "y");
  }
  if (wanted.contains(Check::sparse)) found[Check::sparse] = sparse();
  if (wanted.contains(Check::module)) found[Check::module] = build(host_.name, "m");
  if (wanted.contains(Check::off)) found[Check::off] = build(host_.name, "n");
  if (wanted.contains(Check::bits)) found[Check::bits] = build(host_.narrow, "y");
  if (wanted.contains(Check::doc)) found[Check::doc] = kernelDoc();
  return found;
}

Remarks CompileCheck::build(const std::string& architecture, const std::string& value) {
  const fs::path directory = place_.directory / architecture;
  makeDirectories(directory);
  requireSpace(directory, kBuildBytes, "building a kernel");
  configure(architecture, value);
  removeObjects(directory);
  const std::string with = place_.has_option ? fmt::format(", {}={}", place_.option, value) : "";
  // kernel-doc is a separate check; with W=1 make would run it on every file as well.
  Remarks remarks =
      make(architecture,
           {"W=1", "cmd_checkdoc=:", "-k",
            fmt::format("-j{}", std::thread::hardware_concurrency() + 1), host_.target, "modules"},
           (architecture == host_.name ? host_.title : host_.narrow_title) + with);
  if (place_.has_option && value != "n") remarks.merge(notCompiled(directory, objects()));
  return remarks;
}

void CompileCheck::configure(const std::string& architecture, const std::string& value) {
  std::vector<Option> options = readFragments(place_.fragments);
  std::erase_if(options, [&](const Option& option) {
    return option.symbol == place_.option ||
           (architecture == host_.narrow && option.symbol == "CONFIG_64BIT");
  });
  if (place_.has_option) {
    options.push_back({place_.option, value == "n" ? "" : value, "series check", 1});
  }
  std::string text;
  for (const Option& option : options) text += option.text() + '\n';
  const fs::path config = place_.directory / architecture / ".config";
  const fs::path wanted = place_.directory / architecture / "wanted";
  if (readFile(wanted) == text && fs::exists(config)) return;
  make(architecture, {"tinyconfig"}, "configure");
  std::ofstream(config, std::ios::app) << text;
  make(architecture, {"olddefconfig"}, "configure");
  const std::vector<std::string> lost = lostOptions(options, readFile(config));
  if (!lost.empty()) {
    throw Failure(ExitStatus::build,
                  fmt::format("the configuration of the kernel for `series check` lost "
                              "these options:\n  {}",
                              fmt::join(lost, "\n  ")));
  }
  std::ofstream(wanted) << text;
}

// make reports no warnings of objects that it does not compile again.
void CompileCheck::removeObjects(const fs::path& directory) const {
  std::error_code error;
  for (const std::string& target : targets()) {
    const fs::path path = directory / target;
    if (!target.ends_with('/')) {
      fs::remove(path, error);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".o") fs::remove(entry.path(), error);
    }
  }
}

std::set<std::string> CompileCheck::objects() const {
  std::set<std::string> objects;
  for (const std::string& file : place_.touched) {
    if (!file.ends_with(".c") || file.starts_with("tools/")) continue;
    objects.insert(file.substr(0, file.size() - 1) + 'o');
  }
  return objects;
}

std::set<std::string> CompileCheck::targets() const {
  std::set<std::string> targets = objects();
  std::erase_if(targets, [](const std::string& object) { return object.starts_with(kOverlayfs); });
  if (std::ranges::any_of(place_.touched,
                          [](auto& file) { return file.starts_with(kOverlayfs); })) {
    targets.insert(kOverlayfs);
  }
  return targets;
}

Remarks CompileCheck::make(const std::string& architecture, const std::vector<std::string>& targets,
                           const std::string& title) {
  std::vector<std::string> lines;
  const sys::Command command =
      makeCommand({place_.source, place_.directory / architecture, architecture}, targets, cache_);
  const sys::Exit exit = runLines(command, [&](std::string_view line) {
    lines.emplace_back(line);
    if (const auto file = madeFile(line); !file.empty()) {
      progress_.advance(std::nullopt, fmt::format("{}: {}", title, file));
    }
  });
  Remarks remarks = remarksIn(lines, place_.source);
  if (!exit.ok()) {
    const BuildError error = firstError(lines);
    if (error.kind == BuildError::Kind::diskFull) throw writeFailure(place_.directory, ENOSPC);
    remarks.insert("error: make failed: " +
                   (error.text.empty() ? fmt::format("status {}", exit.code) : error.text));
  }
  return remarks;
}

Remarks CompileCheck::sparse() {
  findTool("sparse");
  const std::set<std::string> objects = targets();
  if (objects.empty()) return {};  // without a target make would build everything
  std::vector<std::string> arguments = {"C=2", "CHECK=sparse", kSparseFlags};
  arguments.insert(arguments.end(), objects.begin(), objects.end());
  return make(host_.name, arguments, "sparse");
}

Remarks CompileCheck::kernelDoc() const {
  std::vector<std::string> lines;
  sys::Command command{{(place_.source / "scripts" / "kernel-doc").string(), "-none"},
                       place_.source,
                       {{"LC_ALL", "C.UTF-8"}}};
  const std::size_t no_file = command.arguments.size();
  for (const std::string& file : place_.touched) {
    if (file.ends_with(".c") || file.ends_with(".h")) command.arguments.push_back(file);
  }
  if (command.arguments.size() == no_file) return {};
  const sys::Exit exit =
      runLines(command, [&](std::string_view line) { lines.emplace_back(line); });
  Remarks remarks = remarksIn(lines, place_.source);
  if (!exit.ok() && remarks.empty()) {
    remarks.insert(fmt::format("error: scripts/kernel-doc ended with status {}: {}", exit.code,
                               fmt::join(lines, " ")));
  }
  return remarks;
}

std::string CompileCheck::tools() {
  const sys::Output version = sys::runCommand({{findTool("sparse").string(), "--version"}});
  return compilerIdentity(hostArchitecture()) + ", sparse " + version.text;
}

}  // namespace runner
