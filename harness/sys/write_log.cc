// SPDX-License-Identifier: GPL-2.0-only
#include "sys/write_log.h"

#include <cerrno>
#include <cstddef>

#include "sys/sector_range.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr std::uint64_t kMagic = 0x6a736677736872;
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kDiscard = 1u << 2;
constexpr std::uint64_t kMark = 1u << 3;
constexpr std::size_t kEntryBytes = 32;
// The mark that the target writes by itself when it is removed.
constexpr std::string_view kEnd = "dm-log-writes-end";

[[noreturn]] void refuse(const std::string& why) {
  throw SetupError("read the log of writes", why, EINVAL);
}

// The log in pieces of whole sectors, from its beginning to its end.
class Reader {
 public:
  explicit Reader(std::string_view log) : rest_(log) {}

  std::string_view sectors(std::uint64_t count) {
    if (count > rest_.size() / kSectorBytes) refuse("it ends within a write");
    const std::string_view piece = rest_.substr(0, count * kSectorBytes);
    rest_.remove_prefix(piece.size());
    return piece;
  }

 private:
  std::string_view rest_;
};

std::uint64_t littleEndian(std::string_view bytes, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  }
  return value;
}

}  // namespace

WriteLog parseWriteLog(std::string_view log) {
  Reader reader(log);
  const std::string_view super = reader.sectors(1);
  if (littleEndian(super, 0, 8) != kMagic || littleEndian(super, 8, 8) != kVersion) {
    refuse("there is none, or it has another version");
  }
  if (littleEndian(super, 24, 4) != kSectorBytes) refuse("its sector size is not 512 bytes");

  WriteLog found;
  bool is_complete = false;
  for (std::uint64_t entries = littleEndian(super, 16, 8); entries > 0; --entries) {
    const std::string_view entry = reader.sectors(1);
    const std::uint64_t count = littleEndian(entry, 8, 8);
    const std::uint64_t flags = littleEndian(entry, 16, 8);
    is_complete = false;
    if ((flags & kMark) != 0) {
      const std::string_view text = entry.substr(kEntryBytes);
      const std::string mark(text.substr(0, text.find('\0')));
      is_complete = mark == kEnd;
      found.marks.emplace(mark, found.writes.size());
    }
    if ((flags & kDiscard) != 0 || count == 0) continue;
    found.writes.push_back({littleEndian(entry, 0, 8), std::string(reader.sectors(count))});
  }
  if (!is_complete) refuse("it has no end: the log device was too small");
  return found;
}

}  // namespace sys
