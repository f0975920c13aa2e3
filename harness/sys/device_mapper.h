// SPDX-License-Identifier: GPL-2.0-only
// Device-mapper by ioctl: no udev, no libdevmapper, nodes as devtmpfs names them.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>

#include "sys/device_table.h"

namespace sys {

// Names of the targets that this kernel has ("linear", "error", "snapshot"). Throws SetupError
// (ENOENT: no device-mapper).
std::set<std::string> deviceMapperTargets();

// The owner of one device.
class MappedDevice {
 public:
  // Creates a device without a table; `name` must be unique on the machine. Throws SetupError.
  explicit MappedDevice(const std::string& name);
  MappedDevice(const std::string& name, const DeviceTable& table);
  MappedDevice(MappedDevice&& other) noexcept;
  MappedDevice& operator=(MappedDevice&& other) noexcept;
  MappedDevice(const MappedDevice&) = delete;
  MappedDevice& operator=(const MappedDevice&) = delete;
  // Removes it; a failure is a line on standard error. Call remove() if a failure must be noticed.
  ~MappedDevice();

  // Swaps in a new table. What is in flight ends on the old one, nothing is flushed, and a
  // filesystem on the device is not frozen (so nothing is synced behind the test's back). Throws
  // SetupError; the old table then stays.
  void load(const DeviceTable& table);

  // Requests wait from now on, and nothing is flushed or frozen, until resume(). Throw SetupError.
  void suspend();
  void resume();

  // From now on it answers a flush at once, also if it is suspended. Throws SetupError.
  void ignoreFlushes() const;

  // Sends a message to the target at sector 0. Throws SetupError.
  void message(const std::string& text);

  // Waits up to a second until nobody has the device open (udev opens every device that changes).
  // Throws SetupError (EBUSY): somebody still uses it.
  void waitUntilUnused() const;

  // Removes the device; waits up to a second for others to close it (udev opens every new device).
  // Throws SetupError (EBUSY).
  void remove();

  // The status of its first target (STATUSTYPE_INFO). Throws SetupError.
  std::string status() const;
  std::string number() const;  // "253:1", as tables name a device
  std::string node() const;    // "/dev/dm-1"

 private:
  int release() noexcept;

  std::string name_;
  dev_t device_ = 0;
};

}  // namespace sys
