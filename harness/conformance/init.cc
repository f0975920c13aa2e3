// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/init.h"

#include <fcntl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

namespace conformance {
namespace {

void mountOwn(const char* type, const char* target) {
  ::mkdir(target, 0755);
  // EBUSY: the kernel mounted /dev itself (CONFIG_DEVTMPFS_MOUNT).
  if (::mount(type, target, type, 0, nullptr) != 0 && errno != EBUSY) {
    std::cerr << "init: mount " << type << " on " << target << ": " << std::strerror(errno) << '\n';
  }
}

}  // namespace

bool isInit() {
  return ::getpid() == 1;
}

void becomeInit() {
  mountOwn("proc", "/proc");
  mountOwn("sysfs", "/sys");
  mountOwn("devtmpfs", "/dev");
  mountOwn("tmpfs", "/tmp");
  // Every swap of a dm table and every umount waits for a grace period.
  std::ofstream("/sys/kernel/rcu_expedited") << 1;
  // A case takes writes to the disk that it did not cause for a sync. 0 would switch the periodic
  // ones off, but then each inode that becomes dirty wakes the flusher at once, and it writes if
  // the filesystem has had a small share of all writes so far (wb_wakeup_delayed(),
  // wb_over_bg_thresh()).
  constexpr int kHour = 360'000;  // hundredths of a second
  std::ofstream("/proc/sys/vm/dirty_writeback_centisecs") << kHour;
  // Warnings and worse only: a serial line is too slow for a line about every mount.
  constexpr int kWarnings = 5;
  ::klogctl(8 /* SYSLOG_ACTION_CONSOLE_LEVEL */, nullptr, kWarnings);
}

void powerOff() {
  std::cout.flush();
  std::cerr.flush();
  ::reboot(RB_POWER_OFF);
  // If the kernel cannot power off, the machine's time limit ends it; to exit would be a panic.
  for (;;) ::pause();
}

}  // namespace conformance
