// SPDX-License-Identifier: GPL-2.0
#include "runner/run/disks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <map>
#include <system_error>
#include <utility>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// The same on every machine, so that two runs judge the same disks.
constexpr const char* kUuid = "6f766c73-796e-4663-8000-000000000001";

// By name, after "none": what mkfs.ext4 takes for granted changes with its version.
constexpr const char* kExt4Features =
    "none,has_journal,ext_attr,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,"
    "huge_file,dir_nlink,extra_isize,metadata_csum";

struct Version {
  int major = 0, minor = 0;
  bool operator<(const Version& other) const {
    return std::pair(major, minor) < std::pair(other.major, other.minor);
  }
};

struct Mkfs {
  std::string tool;
  std::uintmax_t bytes = 0;            // size of the disk, hardly any of it in use
  std::vector<std::string> arguments;  // without the file
  std::map<std::string, std::string> environment;
};

// Everything that a tool's own configuration or a newer version would decide is said here, and no
// feature is newer than Linux 5.10, the oldest tree.
Mkfs mkfsFor(const std::string& filesystem, const Version& version, bool knows_block_group_tree) {
  if (filesystem == "ext4") {
    // No lazy initialisation, which would write in the background while a case runs.
    return {"mkfs.ext4",
            64u << 20,
            {"-q", "-F", "-b", "4096", "-I", "256", "-m", "0", "-U", kUuid, "-J", "size=4", "-O",
             kExt4Features, "-E",
             fmt::format("lazy_itable_init=0,lazy_journal_init=0,nodiscard,hash_seed={}", kUuid)},
            {{"MKE2FS_CONFIG", "/dev/null"}, {"E2FSPROGS_FAKE_TIME", "1"}}};
  }
  if (filesystem == "xfs") {
    // xfsprogs refuses less than 300 MiB.
    Mkfs mkfs{"mkfs.xfs",
              320u << 20,
              {"-q", "-f", "-K", "-m", fmt::format("crc=1,reflink=1,rmapbt=0,uuid={}", kUuid)},
              {}};
    // What later versions switch on of their own accord.
    if (!(version < Version{5, 10})) mkfs.arguments.back() += ",bigtime=0,inobtcount=0";
    std::string inodes = "sparse=1";
    if (!(version < Version{5, 19})) inodes += ",nrext64=0";
    if (!(version < Version{6, 10})) inodes += ",exchange=0";
    mkfs.arguments.insert(mkfs.arguments.end(), {"-i", inodes});
    if (!(version < Version{6, 10})) {
      mkfs.arguments.insert(mkfs.arguments.end(), {"-n", "parent=0"});
    }
    return mkfs;
  }
  // Small nodes: each is checksummed as a whole for the few items that a case changes.
  Mkfs mkfs{
      "mkfs.btrfs",
      256u << 20,
      {"-q", "-f", "-K", "-U", kUuid, "-d", "single", "-m", "single", "-n", "4096", "-s", "4096"},
      {}};
  if (knows_block_group_tree) {
    mkfs.arguments.insert(mkfs.arguments.end(), {"-O", "^block-group-tree"});
  }
  return mkfs;
}

// What the tool says of its version: a line, which is part of the key.
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

void makeDisk(const Mkfs& mkfs, const fs::path& tool, const fs::path& file) {
  {
    const sys::Descriptor disk(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!disk || ::ftruncate(disk.get(), static_cast<off_t>(mkfs.bytes)) != 0) {
      throw writeFailure(file, errno);
    }
  }
  sys::Command command;
  command.arguments = mkfs.arguments;
  command.arguments.insert(command.arguments.begin(), tool.string());
  command.arguments.push_back(file.string());
  command.environment = mkfs.environment;
  command.environment["LC_ALL"] = "C";
  const sys::Output output = sys::runCommand(command);
  if (output.exit.ok()) return;
  if (output.text.find("No space left") != std::string::npos) throw writeFailure(file, ENOSPC);
  throw Failure(ExitStatus::environment,
                fmt::format("{} failed: {}", mkfs.tool,
                            output.text.empty() ? "it said nothing" : output.text));
}

}  // namespace

const std::vector<std::string>& knownFilesystems() {
  static const std::vector<std::string> names = {"ext4", "xfs", "btrfs"};
  return names;
}

fs::path provideDisk(const std::string& filesystem, const Cache& cache, Progress& progress) {
  const fs::path tool = findTool("mkfs." + filesystem);
  const std::string version = versionLine(tool);
  // On by default in later versions, and from Linux 6.1 on; some versions were built without it.
  const bool block_group_tree =
      filesystem == "btrfs" &&
      sys::runCommand({{tool.string(), "-O", "list-all"}}).text.find("block-group-tree") !=
          std::string::npos;
  const Mkfs mkfs = mkfsFor(filesystem, parseVersion(version), block_group_tree);
  const std::string key =
      hashOfText(fmt::format("{}\n{}\n{}", version, mkfs.bytes, fmt::join(mkfs.arguments, "\n")));
  fs::path file = cache.folder("disks") / fmt::format("{}-{}.img", filesystem, key.substr(0, 12));
  const auto whole = [&] {
    std::error_code error;
    return fs::file_size(file, error) == mkfs.bytes && !error;
  };
  if (whole()) return file;
  const CacheLock lock = cache.lock("disk-" + filesystem, [&] {
    progress.remark(
        fmt::format("another run is making the {} disk: waiting until it is done", filesystem));
  });
  if (whole()) return file;
  std::error_code error;
  if (fs::exists(file, error)) {
    progress.note(fmt::format("the {} disk in the cache is damaged and is made again: {}",
                              filesystem, file.string()));
  }
  progress.step(fmt::format("make a disk with {}", filesystem));
  makeFileAtomically(file, [&](const fs::path& temporary) { makeDisk(mkfs, tool, temporary); });
  return file;
}

}  // namespace runner
