// SPDX-License-Identifier: GPL-2.0-only
#include "sys/device_mapper.h"

#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/kdev_t.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include "sys/descriptor.h"
#include "sys/open_file.h"
#include "sys/result.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr const char* kControl = "/dev/mapper/control";
constexpr int kAttempts = 100;
constexpr useconds_t kPause = 10'000;  // microseconds

int control() {
  static const Descriptor descriptor(
      static_cast<int>(require(::open(kControl, O_RDWR | O_CLOEXEC), "open", kControl)));
  return descriptor.get();
}

std::size_t alignedTo8(std::size_t bytes) {
  return (bytes + 7) & ~std::size_t{7};
}

// A dm_ioctl and its payload in one piece of memory, as the kernel expects it.
class Request {
 public:
  explicit Request(const std::string& name, std::size_t payload = 0)
      : memory_((sizeof(dm_ioctl) + alignedTo8(payload)) / sizeof(std::uint64_t) + 1) {
    dm_ioctl& header = this->header();
    header.version[0] = DM_VERSION_MAJOR;
    header.data_size = static_cast<std::uint32_t>(memory_.size() * sizeof(std::uint64_t));
    header.data_start = sizeof(dm_ioctl);
    if (name.size() >= sizeof(header.name)) throw SetupError("device name", name, ENAMETOOLONG);
    std::memcpy(header.name, name.c_str(), name.size() + 1);
  }

  dm_ioctl& header() { return *reinterpret_cast<dm_ioctl*>(memory_.data()); }
  char* payload() { return reinterpret_cast<char*>(memory_.data()) + sizeof(dm_ioctl); }

  Result call(unsigned long command) {
    return Result::ofCall(::ioctl(control(), command, memory_.data()));
  }
  void require(unsigned long command, std::string_view what, const std::string& name) {
    const Result result = call(command);
    if (!result.ok()) throw SetupError(what, name, result.error());
  }

 private:
  std::vector<std::uint64_t> memory_;  // zeroed, and aligned for every structure in it
};

std::size_t lineBytes(const TableLine& line) {
  return alignedTo8(sizeof(dm_target_spec) + line.parameters.size() + 1);
}

}  // namespace

std::set<std::string> deviceMapperTargets() {
  Request request("", 16384);
  request.require(DM_LIST_VERSIONS, "device-mapper, list of targets of", kControl);
  std::set<std::string> targets;
  const char* position = request.payload();
  for (;;) {
    dm_target_versions entry{};
    std::memcpy(&entry, position, sizeof(entry));
    const char* name = position + sizeof(entry);
    if (*name != '\0') targets.insert(name);
    if (entry.next == 0) return targets;
    position += entry.next;
  }
}

MappedDevice::MappedDevice(const std::string& name) {
  Request request(name);
  request.require(DM_DEV_CREATE, "device-mapper, create", name);
  name_ = name;
  device_ = makedev(MAJOR(request.header().dev), MINOR(request.header().dev));
}

MappedDevice::MappedDevice(const std::string& name, const DeviceTable& table) : MappedDevice(name) {
  load(table);
}

MappedDevice::MappedDevice(MappedDevice&& other) noexcept
    : name_(std::exchange(other.name_, {})), device_(std::exchange(other.device_, 0)) {}

MappedDevice& MappedDevice::operator=(MappedDevice&& other) noexcept {
  if (this != &other) {
    if (const int error = release(); error != 0) {
      std::cerr << "device-mapper, remove: " << Result::failure(error) << '\n';
    }
    name_ = std::exchange(other.name_, {});
    device_ = std::exchange(other.device_, 0);
  }
  return *this;
}

MappedDevice::~MappedDevice() {
  const std::string name = name_;
  if (const int error = release(); error != 0) {
    std::cerr << "device-mapper, remove " << name << ": " << Result::failure(error) << '\n';
  }
}

void MappedDevice::load(const DeviceTable& table) {
  std::size_t bytes = 0;
  for (const TableLine& line : table) bytes += lineBytes(line);
  Request request(name_, bytes);
  request.header().target_count = static_cast<std::uint32_t>(table.size());
  char* position = request.payload();
  for (const TableLine& line : table) {
    dm_target_spec spec{};
    spec.sector_start = line.range.start;
    spec.length = line.range.length;
    spec.next = static_cast<std::uint32_t>(lineBytes(line));
    if (line.target.size() >= sizeof(spec.target_type)) {
      throw SetupError("device-mapper target", line.target, ENAMETOOLONG);
    }
    std::memcpy(spec.target_type, line.target.c_str(), line.target.size() + 1);
    std::memcpy(position, &spec, sizeof(spec));
    std::memcpy(position + sizeof(spec), line.parameters.c_str(), line.parameters.size() + 1);
    position += spec.next;
  }
  request.require(DM_TABLE_LOAD, "device-mapper, load a table into", name_);

  // Resuming with a new table suspends first, if need be, under the flags given here.
  Request resume(name_);
  resume.header().flags = DM_SKIP_LOCKFS_FLAG | DM_NOFLUSH_FLAG;
  resume.require(DM_DEV_SUSPEND, "device-mapper, swap the table of", name_);
}

void MappedDevice::suspend() {
  Request request(name_);
  request.header().flags = DM_SUSPEND_FLAG | DM_SKIP_LOCKFS_FLAG | DM_NOFLUSH_FLAG;
  request.require(DM_DEV_SUSPEND, "device-mapper, suspend", name_);
}

void MappedDevice::resume() {
  Request request(name_);
  request.require(DM_DEV_SUSPEND, "device-mapper, resume", name_);
}

void MappedDevice::ignoreFlushes() const {
  // A flush of a device without a cache is done before the device sees it (submit_bio_noacct()).
  const std::string path = "/sys/dev/block/" + number() + "/queue/write_cache";
  const std::string_view cache = "write through";
  const File file(path, O_WRONLY);
  require(::write(file.descriptor(), cache.data(), cache.size()), "write", path);
}

void MappedDevice::message(const std::string& text) {
  Request request(name_, sizeof(dm_target_msg) + text.size() + 1);
  // The sector in front of the text is 0, since the request is zeroed.
  std::memcpy(request.payload() + sizeof(dm_target_msg), text.c_str(), text.size() + 1);
  request.require(DM_TARGET_MSG, "device-mapper, message '" + text + "' to", name_);
}

std::string MappedDevice::status() const {
  constexpr std::size_t kRoom = 4096;
  Request request(name_, kRoom);
  request.require(DM_TABLE_STATUS, "device-mapper, status of", name_);
  return {request.payload() + sizeof(dm_target_spec)};
}

void MappedDevice::waitUntilUnused() const {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Request request(name_);
    request.require(DM_DEV_STATUS, "device-mapper, status of", name_);
    if (request.header().open_count == 0) return;
    ::usleep(kPause);
  }
  throw SetupError("device-mapper, wait for the users of", name_, EBUSY);
}

void MappedDevice::remove() {
  const std::string name = name_;
  const int error = release();
  if (error != 0) throw SetupError("device-mapper, remove", name, error);
}

int MappedDevice::release() noexcept {
  if (name_.empty()) return 0;
  const std::string name = std::exchange(name_, {});
  int error = 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Request request(name);
    const Result result = request.call(DM_DEV_REMOVE);
    error = result.error();
    if (error != EBUSY) break;
    ::usleep(kPause);
  }
  return error;
}

std::string MappedDevice::number() const {
  return std::to_string(major(device_)) + ':' + std::to_string(minor(device_));
}

std::string MappedDevice::node() const {
  return "/dev/dm-" + std::to_string(minor(device_));
}

}  // namespace sys
