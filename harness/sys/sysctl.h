// SPDX-License-Identifier: GPL-2.0-only
// Sysctl: a temporary change of a kernel setting. (<sys/sysctl.h> was glibc's.)
#pragma once

#include <string>

namespace sys {

// What /proc/sys/vm/drop_caches drops of what nobody uses.
enum class Caches { pages = 1, names = 2, all = 3 };
// Throws SetupError.
void dropCaches(Caches caches = Caches::all);

class Sysctl {
 public:
  // name: below /proc/sys, "vm/dirty_expire_centisecs". restored: the setting to put back in the
  // end, if that isn't the same. Throws SetupError.
  Sysctl(const std::string& name, long value, const std::string& restored = "");
  Sysctl(const Sysctl&) = delete;
  Sysctl& operator=(const Sysctl&) = delete;
  // Restores the old value.
  ~Sysctl();

 private:
  std::string restored_;
  std::string before_;
};

}  // namespace sys
