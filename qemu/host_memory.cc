// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/host_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace qemu {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// The number in a file that has nothing else; `otherwise` if there is no such file, or "max" in it.
std::uint64_t numberIn(const fs::path& file, std::uint64_t otherwise) {
  std::uint64_t number = 0;
  return std::ifstream(file) >> number ? number : otherwise;
}

// The sum of the numbers behind these words, in a file of lines like "MemAvailable: 123 kB".
std::uint64_t sumIn(const fs::path& file, std::initializer_list<std::string_view> words) {
  std::uint64_t sum = 0;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string word;
    std::uint64_t number = 0;
    if (!(fields >> word >> number)) continue;
    if (std::find(words.begin(), words.end(), word) != words.end()) sum += number;
  }
  return sum;
}

struct MemoryFiles {
  const char *limit, *usage, *cache;  // cache: the word in memory.stat
};
constexpr MemoryFiles kUnified = {"memory.max", "memory.current", "inactive_file"};
constexpr MemoryFiles kLegacy = {"memory.limit_in_bytes", "memory.usage_in_bytes",
                                 "total_inactive_file"};

std::uint64_t bytesLeft(const fs::path& group, const MemoryFiles& files) {
  const std::uint64_t limit = numberIn(group / files.limit, kUnlimited);
  if (limit == kUnlimited) return kUnlimited;
  const std::uint64_t used = numberIn(group / files.usage, 0);
  const std::uint64_t cache = std::min(used, sumIn(group / "memory.stat", {files.cache}));
  return limit - std::min(limit, used - cache);
}

// The least that is left of a group or one above it. A container sees its own group at the root,
// under a path that may not exist there.
std::uint64_t bytesLeftOfAll(const fs::path& root, fs::path group, const MemoryFiles& files) {
  std::uint64_t left = bytesLeft(root, files);
  for (; group.has_relative_path(); group = group.parent_path()) {
    left = std::min(left, bytesLeft(root / group.relative_path(), files));
  }
  return left;
}

}  // namespace

std::uint64_t availableMegabytes(const fs::path& proc, const fs::path& cgroups) {
  std::uint64_t bytes = kUnlimited;
  const std::uint64_t kibibytes = sumIn(proc / "meminfo", {"MemAvailable:", "SwapFree:"});
  if (kibibytes != 0) bytes = kibibytes << 10;
  // "4:memory:/path", or "0::/path" for the unified hierarchy.
  std::ifstream groups(proc / "self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = ',' + line.substr(first + 1, second - first - 1) + ',';
    const fs::path path = line.substr(second + 1);
    if (controllers == ",,") {
      bytes = std::min(bytes, bytesLeftOfAll(cgroups, path, kUnified));
    } else if (controllers.find(",memory,") != std::string::npos) {
      bytes = std::min(bytes, bytesLeftOfAll(cgroups / "memory", path, kLegacy));
    }
  }
  return bytes >> 20;
}

}  // namespace qemu
