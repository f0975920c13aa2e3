// SPDX-License-Identifier: GPL-2.0-only
// PowerCuts: a filesystem as it is after a power cut, between any two writes that reached the disk.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "conformance/failing_disk.h"
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
  // How many there were; each may have several sectors.
  std::size_t writes() const { return writes_.size(); }
  // Mounts the filesystem as if power had been cut after the first `count` of them. What was
  // mounted before is unmounted. Throws SetupError.
  void cutAfter(std::size_t count);
  // Unmounts it. Throws SetupError (EBUSY): still in use.
  void end();

 private:
  FailingDisk& disk_;
  sys::MountRequest filesystem_;
  std::vector<sys::LoggedWrite> writes_;
  std::optional<sys::Mount> mount_;
};

}  // namespace conformance
