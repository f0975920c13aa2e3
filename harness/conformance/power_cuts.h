// SPDX-License-Identifier: GPL-2.0-only
// PowerCuts: a filesystem as it is after a power cut, between any two writes that reached the disk.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "conformance/failing_disk.h"
#include "sys/device_mapper.h"
#include "sys/mounting.h"
#include "sys/write_log.h"

namespace conformance {

class PowerCuts {
 public:
  // disk: not in use; filesystem: how to mount it, without the source.
  PowerCuts(FailingDisk& disk, sys::MountRequest filesystem)
      : disk_(disk), filesystem_(std::move(filesystem)) {}

  // Logs all writes from a mount of the disk as populate() left it until the unmount that follows
  // `steps`, which must leave nothing in use. Throws SetupError, and what `steps` throws.
  void logWritesOf(const std::function<void()>& steps);
  // For the steps: remembers what the disk had been told to keep until then. Throws SetupError.
  void mark(const std::string& name);
  // How many writes there were; each may have several sectors.
  std::size_t writes() const { return log_.writes.size(); }
  // How many of them were kept when that mark was made. Throws std::out_of_range if it was not.
  std::size_t writesBefore(const std::string& name) const { return log_.marks.at(name); }
  // Mounts the filesystem as if power had been cut after the first `count` of them. What was
  // mounted before is unmounted. Throws SetupError.
  void cutAfter(std::size_t count);
  // Unmounts it. Throws SetupError (EBUSY): still in use.
  void end();

 private:
  FailingDisk& disk_;
  sys::MountRequest filesystem_;
  sys::MappedDevice* device_ = nullptr;  // during the steps
  sys::WriteLog log_;
  std::optional<sys::Mount> mount_;
};

}  // namespace conformance
