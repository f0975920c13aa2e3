// SPDX-License-Identifier: GPL-2.0-only
#include "sys/filesystem_control.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/quota.h>

#include <cstdint>
#include <iostream>

#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr unsigned long kShutdown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t kWithoutLog = 2;

}  // namespace

Freeze::Freeze(const File& file) : file_(file) {
  require(::ioctl(file_.descriptor(), FIFREEZE, 0), "FIFREEZE", "the filesystem");
}

Freeze::~Freeze() {
  const Result thawed = Result::ofCall(::ioctl(file_.descriptor(), FITHAW, 0));
  if (!thawed.ok()) std::cerr << "FITHAW: " << thawed << '\n';
}

Result shutDown(const File& file) {
  std::uint32_t how = kWithoutLog;
  return Result::ofCall(::ioctl(file.descriptor(), kShutdown, &how));
}

Result syncQuota() {
  return Result::ofCall(::quotactl(QCMD(Q_SYNC, USRQUOTA), nullptr, 0, nullptr));
}

}  // namespace sys
