// SPDX-License-Identifier: GPL-2.0-only
// What the device-mapper target "log-writes" leaves on its log device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sys {

struct LoggedWrite {
  std::uint64_t sector;  // the first one, of 512 bytes
  std::string bytes;     // whole sectors

  bool operator==(const LoggedWrite&) const = default;
};

struct WriteLog {
  // In the order in which they became durable: those that no flush had asked for follow when the
  // device is removed. Discards are left out.
  std::vector<LoggedWrite> writes;
  // How many of the writes had become durable when a mark was made, by what the mark says. The
  // message "mark WORD" to the device makes one.
  std::map<std::string, std::size_t> marks;
};

// log: all of the log device, after the other one was removed. Throws SetupError for anything else,
// and for a log that ran out of room (struct log_write_super and log_write_entry in
// drivers/md/dm-log-writes.c).
WriteLog parseWriteLog(std::string_view log);

}  // namespace sys
