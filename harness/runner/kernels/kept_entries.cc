// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/kept_entries.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace runner {

namespace fs = std::filesystem;

void markUsed(const fs::path& entry) {
  std::error_code error;
  fs::last_write_time(entry, fs::file_time_type::clock::now(), error);
}

std::vector<fs::path> unusedOf(std::vector<fs::path> entries, std::size_t kept) {
  constexpr std::chrono::hours kUnused{24};
  const auto used = [](const fs::path& entry) {
    std::error_code error;
    return fs::last_write_time(entry, error);
  };
  std::ranges::sort(entries, std::greater<>(), used);
  entries.erase(entries.begin(),
                entries.begin() + static_cast<std::ptrdiff_t>(std::min(kept, entries.size())));
  const auto now = fs::file_time_type::clock::now();
  std::erase_if(entries, [&](const fs::path& entry) { return now - used(entry) < kUnused; });
  return entries;
}

void keepEntry(const fs::path& entry) {
  constexpr std::size_t kKeptEntries = 5;
  markUsed(entry);
  std::vector<fs::path> entries;
  for (const auto& each : fs::directory_iterator(entry.parent_path())) {
    if (!each.path().filename().native().starts_with('.')) entries.push_back(each.path());
  }
  for (const fs::path& unused : unusedOf(std::move(entries), kKeptEntries)) fs::remove_all(unused);
}

}  // namespace runner
