// SPDX-License-Identifier: GPL-2.0-only
// The writes that reach a FailingDisk, logged and written again.
#include <unistd.h>

#include <utility>

#include "conformance/failing_disk.h"
#include "conformance/filesystem_actions.h"
#include "sys/extents.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

std::string readAll(const std::string& path, std::size_t bytes) {
  const sys::File file(path, O_RDONLY);
  std::string content(bytes, '\0');
  const long count =
      sys::require(::pread(file.descriptor(), content.data(), bytes, 0), "read", path);
  content.resize(static_cast<std::size_t>(count));
  return content;
}

}  // namespace

sys::WriteLog FailingDisk::logWrites(const std::function<void(sys::MappedDevice& log)>& use) {
  const std::size_t number = shares() - 2;
  const sys::MappedDevice room = scratch("log-room", number);
  const std::size_t room_bytes = share(number).length * sys::kSectorBytes;
  {
    // Wipes an older log, which would be mistaken for this one if the target could not write its
    // own.
    const sys::File blank(room.node(), O_RDWR);
    sys::require(blank.pwrite(std::string(sys::kSectorBytes, '\0'), 0), "write", room.node());
    sys::require(blank.fsync(), "fsync", room.node());
  }
  sys::MappedDevice log(
      deviceName("log"),
      {{{0, sectors_}, "log-writes", stack_->subject.number() + ' ' + room.number()}});
  use(log);
  log.waitUntilUnused();
  forgetDevice(filesystem(), log.node());
  log.remove();
  sys::dropCache(room.node());
  return sys::parseWriteLog(readAll(room.node(), room_bytes));
}

void FailingDisk::write(std::span<const sys::LoggedWrite> writes) {
  const sys::File disk(node(), O_RDWR);
  (void)disk.fsync();  // consumes an error that an earlier case has left unseen
  for (const sys::LoggedWrite& write : writes) {
    const auto place = static_cast<off_t>(write.sector * sys::kSectorBytes);
    sys::require(disk.pwrite(write.bytes, place), "write", node());
  }
  sys::require(disk.fsync(), "fsync", node());
}

}  // namespace conformance
