// SPDX-License-Identifier: GPL-2.0
#include "sys/block_statistics.h"

#include <cerrno>
#include <fstream>
#include <sstream>

#include "sys/setup_error.h"

namespace sys {

BlockStatistics blockStatistics(const std::string& number) {
  const std::string path = "/sys/dev/block/" + number + "/stat";
  errno = 0;
  std::ifstream file(path);
  std::string text;
  if (!std::getline(file, text)) throw SetupError("read", path, errno);
  return parseBlockStatistics(text);
}

BlockStatistics parseBlockStatistics(const std::string& text) {
  // Eleven or more numbers; of reads, then of writes: requests, merged, sectors, milliseconds.
  BlockStatistics statistics;
  std::uint64_t merged = 0;
  std::uint64_t sectors = 0;
  std::uint64_t milliseconds = 0;
  std::istringstream fields(text);
  fields >> statistics.reads >> merged >> sectors >> milliseconds >> statistics.writes;
  if (!fields) throw SetupError("block statistics", text, EINVAL);
  return statistics;
}

}  // namespace sys
