// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/disks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "filesystems/registry.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"

namespace runner {

namespace fs = std::filesystem;
using filesystems::Mkfs;
using filesystems::Version;

namespace {

// The tool's version line, which is part of the key.
std::string versionLine(const fs::path& tool) {
  const sys::Output output = sys::runCommand({{tool.string(), "-V"}, {}, {{"LC_ALL", "C"}}});
  return output.text.substr(0, output.text.find('\n'));
}

// The first "6.1" in a line like "mkfs.xfs version 6.1.0".
Version parseVersion(const std::string& line) {
  Version version;
  const char* const end = line.data() + line.size();
  for (const char* at = line.data(); at != end; ++at) {
    const auto major = std::from_chars(at, end, version.major);
    if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') continue;
    if (std::from_chars(major.ptr + 1, end, version.minor).ec == std::errc()) return version;
  }
  return {};
}

bool hasFeature(const fs::path& tool, const std::string& feature) {
  return sys::runCommand({{tool.string(), "-O", "list-all"}}).text.find(feature) !=
         std::string::npos;
}

void makeDisk(const Mkfs& mkfs, std::vector<std::string> command, const fs::path& file) {
  {
    const sys::Descriptor disk(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!disk || ::ftruncate(disk.get(), static_cast<off_t>(mkfs.bytes)) != 0) {
      throw writeFailure(file, errno);
    }
  }
  command.push_back(file.string());
  const sys::Output output = sys::runCommand({std::move(command)});
  if (output.exit.ok()) return;
  if (output.text.find("No space left") != std::string::npos) throw writeFailure(file, ENOSPC);
  throw Failure(
      ExitStatus::environment,
      fmt::format("{} failed: {}", mkfs.program, output.text.empty() ? "no output" : output.text));
}

}  // namespace

std::vector<std::string> mkfsCommand(const Mkfs& mkfs) {
  const fs::path tool = findTool(mkfs.program);
  const Version version = parseVersion(versionLine(tool));
  std::vector<std::string> command = {"env", "LC_ALL=C"};
  for (const auto& [name, value] : mkfs.environment) {
    command.push_back(fmt::format("{}={}", name, value));
  }
  command.push_back(tool.string());
  for (const filesystems::MkfsOption& option : mkfs.options) {
    if (version < option.since) continue;
    if (!option.feature.empty() && !hasFeature(tool, option.feature)) continue;
    command.insert(command.end(), option.words.begin(), option.words.end());
  }
  return command;
}

fs::path provideDisk(const std::string& filesystem, const Cache& cache, Progress& progress) {
  const Mkfs& mkfs = filesystems::get(filesystem).mkfs;
  const std::vector<std::string> command = mkfsCommand(mkfs);
  const std::string key = hashOfText(fmt::format("{}\n{}\n{}", versionLine(findTool(mkfs.program)),
                                                 mkfs.bytes, fmt::join(command, "\n")));
  fs::path file =
      cache.directory("disks") / fmt::format("{}-{}.img", filesystem, key.substr(0, 12));
  const auto whole = [&] {
    std::error_code error;
    return fs::file_size(file, error) == mkfs.bytes && !error;
  };
  if (whole()) return file;
  const CacheLock lock = cache.lock("disk-" + filesystem, [&] {
    progress.remark(
        fmt::format("waiting for another run that is creating the {} disk", filesystem));
  });
  if (whole()) return file;
  std::error_code error;
  if (fs::exists(file, error)) {
    progress.note(fmt::format("the {} disk in the cache is damaged and will be recreated: {}",
                              filesystem, file.string()));
  }
  progress.step(fmt::format("create a disk with {}", filesystem));
  makeFileAtomically(file, [&](const fs::path& temporary) { makeDisk(mkfs, command, temporary); });
  return file;
}

}  // namespace runner
