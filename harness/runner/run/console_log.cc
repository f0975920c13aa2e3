// SPDX-License-Identifier: GPL-2.0
#include "runner/run/console_log.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace runner {

std::uintmax_t consoleSize(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

std::vector<std::string> consoleLines(const std::string& file, std::uintmax_t offset,
                                      std::size_t count) {
  constexpr std::uintmax_t kMostBytes = 64u << 10;
  const std::uintmax_t size = consoleSize(file);
  if (size <= offset) return {};
  const std::uintmax_t from = std::max(offset, size - std::min(size, kMostBytes));
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(std::move(line));
  }
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<long>(count));
  return lines;
}

}  // namespace runner
