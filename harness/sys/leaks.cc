// SPDX-License-Identifier: GPL-2.0-only
#include "sys/leaks.h"

#include <unistd.h>

#include <fstream>
#include <string>

#include "sys/debugfs.h"

namespace sys {
namespace {

constexpr const char* kKmemleak = "/sys/kernel/debug/kmemleak";

// False if kmemleak is switched off (CONFIG_DEBUG_KMEMLEAK_DEFAULT_OFF, kmemleak=off), or has
// switched itself off, or the kernel is locked down.
bool scan() {
  std::ofstream file(kKmemleak);
  file << "scan" << std::flush;
  return file.good();
}

}  // namespace

std::string logLeaks() {
  if (!mountDebugfs()) return "";
  if (::access(kKmemleak, F_OK) != 0) return "";
  // An object is reported if it is older than five seconds (MSECS_MIN_AGE), and has not changed
  // since the scan before.
  constexpr unsigned kAge = 5;
  for (int i = 0; i < 2; ++i) {
    ::sleep(kAge);
    if (!scan()) return "kmemleak is switched off, so nobody looked for leaks";
  }
  std::ifstream found(kKmemleak);
  std::ofstream log("/dev/kmsg");
  std::string object;
  bool of_the_boot = false;
  for (std::string line; std::getline(found, line);) {
    if (line.starts_with("unreferenced object")) {
      object.swap(line);
      continue;
    }
    // User-Mode Linux loses some by itself before there is an init.
    if (line.starts_with("  comm ")) of_the_boot = line.starts_with("  comm \"swapper/");
    if (of_the_boot) continue;
    // A write is a record of the log; <3> is its level, an error.
    if (!object.empty()) log << "<3>BUG: memory leak: " << object << '\n' << std::flush;
    object.clear();
    log << "<3>" << line << '\n' << std::flush;
  }
  return "";
}

}  // namespace sys
