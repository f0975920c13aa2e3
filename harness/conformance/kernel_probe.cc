// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/kernel_probe.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <set>

#include "conformance/scratch.h"
#include "sys/descriptor.h"
#include "sys/device_mapper.h"
#include "sys/extents.h"
#include "sys/mounting.h"
#include "sys/open_file.h"
#include "sys/result.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr std::uint64_t kSectorsOfKiB = 2;

std::set<std::string> filesystemsOfTheKernel() {
  std::set<std::string> names;
  std::ifstream file("/proc/filesystems");
  std::string line;
  while (std::getline(file, line)) names.insert(line.substr(line.rfind('\t') + 1));
  return names;
}

bool isBlockDevice(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISBLK(status.st_mode);
}

// The workspace is on a tmpfs, which is not there yet.
void probeTmpfs(std::vector<std::string>& missing) {
  std::string place = "/tmp/ovl-syncfs-probe.XXXXXX";
  if (::mkdtemp(place.data()) == nullptr) throw sys::SetupError("mkdtemp", place, errno);
  int error = 0;
  {
    const sys::Mount mount({"tmpfs", place, "tmpfs", ""});
    error = sys::Result::ofCall(::getxattr(place.c_str(), "trusted.none", nullptr, 0)).error();
  }
  (void)::rmdir(place.c_str());
  if (error == EOPNOTSUPP) {
    missing.emplace_back("extended attributes on tmpfs (CONFIG_TMPFS_XATTR)");
  }
}

void probeFilesystems(std::vector<std::string>& missing) {
  const std::set<std::string> known = filesystemsOfTheKernel();
  if (known.empty()) {
    missing.emplace_back("/proc (CONFIG_PROC_FS)");
    return;
  }
  if (known.count("overlay") == 0) {
    missing.emplace_back("overlayfs (CONFIG_OVERLAY_FS)");
  }
  if (known.count("tmpfs") == 0) {
    missing.emplace_back("tmpfs (CONFIG_TMPFS)");
  } else {
    probeTmpfs(missing);
  }
}

// Whether there is a device-mapper.
bool probeDeviceMapper(std::vector<std::string>& missing) {
  static const struct {
    const char* target;
    const char* option;
  } kNeeded[] = {
      {"linear", "CONFIG_BLK_DEV_DM"},
      {"error", "CONFIG_BLK_DEV_DM"},
  };
  try {
    const std::set<std::string> targets = sys::deviceMapperTargets();
    for (const auto& needed : kNeeded) {
      if (targets.count(needed.target) == 0) {
        missing.push_back(std::string("device-mapper's target ") + needed.target + " (" +
                          needed.option + ")");
      }
    }
    return true;
  } catch (const sys::SetupError& error) {
    missing.push_back(std::string("device-mapper (CONFIG_BLK_DEV_DM): ") + error.what());
    return false;
  }
}

// Calls that every distribution's kernel has, so no case asks whether it may make them.
void probeCalls(std::vector<std::string>& missing) {
  const sys::File directory("/", O_RDONLY | O_DIRECTORY);
  const int fd = directory.descriptor();
  const auto isMissing = [](int error) { return error == ENOSYS || error == EAFNOSUPPORT; };
  if (isMissing(sys::Result::ofCall(::name_to_handle_at(fd, "", nullptr, nullptr, 0)).error())) {
    missing.emplace_back("file handles (CONFIG_FHANDLE)");
  }
  if (isMissing(sys::Result::ofCall(::flock(fd, LOCK_UN)).error())) {
    missing.emplace_back("file locks (CONFIG_FILE_LOCKING)");
  }
  if (isMissing(::posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL))) {
    missing.emplace_back("fadvise and madvise (CONFIG_ADVISE_SYSCALLS)");
  }
  const sys::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket && isMissing(errno)) missing.emplace_back("local sockets (CONFIG_UNIX)");
}

void probeDevice(const std::string& device, const std::string& what, std::uint64_t sectors,
                 std::vector<std::string>& missing) {
  if (!isBlockDevice(device)) {
    missing.push_back(what + ": there is no block device " + device);
    return;
  }
  try {
    const std::uint64_t present = sys::deviceSectors(device);
    if (present < sectors) {
      missing.push_back(what + ": " + device + " has " + std::to_string(present / kSectorsOfKiB) +
                        " KiB, but " + std::to_string(sectors / kSectorsOfKiB) + " are needed");
    }
  } catch (const sys::SetupError& error) {
    missing.push_back(what + ": " + error.what());
  }
}

}  // namespace

std::vector<std::string> missingThings(const std::vector<Disk>& disks) {
  std::vector<std::string> missing;
  probeFilesystems(missing);
  probeCalls(missing);
  for (std::string& each : missingFilesystems(disks)) missing.push_back(std::move(each));
  const bool maps = probeDeviceMapper(missing);
  if (!std::ifstream("/sys/kernel/uevent_seqnum").good()) {
    missing.emplace_back("/sys (CONFIG_SYSFS)");
  }
  const std::string scratch_use =
      disks.size() == 1 ? "one disk" : std::to_string(disks.size()) + " disks";
  // How many sectors it needs depends on device-mapper's targets.
  if (maps) {
    probeDevice(scratchDevice(),
                "a RAM disk for the writes to " + scratch_use +
                    " (CONFIG_BLK_DEV_RAM, and CONFIG_BLK_DEV_RAM_SIZE or rd_size=, in KiB), or "
                    "another disk for them (--scratch)",
                scratchSectorsFor(disks), missing);
  }
  for (const Disk& disk : disks) {
    const bool virtio = disk.device.starts_with("/dev/vd");
    probeDevice(disk.device,
                virtio ? "virtio disks (CONFIG_VIRTIO_BLK, CONFIG_VIRTIO_PCI)"
                       : "the disk with " + disk.filesystem->name,
                kSectorsOfKiB, missing);
  }
  return missing;
}

std::vector<std::string> missingFilesystems(const std::vector<Disk>& disks) {
  const std::set<std::string> known = filesystemsOfTheKernel();
  std::vector<std::string> missing;
  for (const Disk& disk : disks) {
    if (known.empty() || known.count(disk.filesystem->type) != 0) continue;
    missing.push_back(disk.filesystem->name + " (" + disk.filesystem->config + ")");
  }
  return missing;
}

std::string kernelRelease() {
  utsname name{};
  ::uname(&name);
  return name.release;
}

bool isUserModeLinux() {
  std::ifstream processors("/proc/cpuinfo");
  std::string line;
  while (std::getline(processors, line)) {
    if (line.find("User Mode Linux") != std::string::npos) return true;
  }
  return false;
}

}  // namespace conformance
