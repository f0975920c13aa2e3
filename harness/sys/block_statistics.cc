// SPDX-License-Identifier: GPL-2.0-only
#include "sys/block_statistics.h"

#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "sys/setup_error.h"

namespace sys {

BlockCounters::BlockCounters(const std::string& number)
    : file_("/sys/dev/block/" + number + "/stat", O_RDONLY) {}

BlockStatistics BlockCounters::read() const {
  std::string text(512, '\0');
  const long length = require(::pread(file_.descriptor(), text.data(), text.size(), 0), "read",
                              "the statistics of a block device");
  text.resize(static_cast<std::size_t>(length));
  return parseBlockStatistics(text);
}

BlockStatistics parseBlockStatistics(const std::string& text) {
  // Eleven or more numbers; of reads, then of writes: requests, merged, sectors, milliseconds. Then
  // those in flight.
  BlockStatistics statistics;
  std::uint64_t merged = 0;
  std::uint64_t sectors = 0;
  std::uint64_t milliseconds = 0;
  std::istringstream fields(text);
  fields >> statistics.reads >> merged >> sectors >> milliseconds;
  fields >> statistics.writes >> merged >> sectors >> milliseconds >> statistics.in_flight;
  if (!fields) throw SetupError("block statistics", text, EINVAL);
  return statistics;
}

}  // namespace sys
