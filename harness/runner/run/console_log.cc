// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/console_log.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>

#include "qemu/machine.h"

namespace runner {

std::uintmax_t sizeOfLog(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

std::vector<std::string> linesOfLog(const std::string& file, std::uintmax_t offset) {
  constexpr std::uintmax_t kMostBytes = 64u << 10;
  const std::uintmax_t size = sizeOfLog(file);
  if (size <= offset) return {};
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(std::max(offset, size - std::min(size, kMostBytes))));
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(std::move(line));
    if (lines.size() > qemu::Outcome::kTailLines) lines.pop_front();
  }
  return {lines.begin(), lines.end()};
}

}  // namespace runner
