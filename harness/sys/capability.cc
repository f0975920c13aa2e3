// SPDX-License-Identifier: GPL-2.0-only
#include "sys/capability.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <iostream>

#include "sys/setup_error.h"

namespace sys {
namespace {

using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

__user_cap_header_struct thisThread() {
  return {_LINUX_CAPABILITY_VERSION_3, 0};
}

Sets capabilities() {
  __user_cap_header_struct header = thisThread();
  Sets sets{};
  require(static_cast<int>(::syscall(SYS_capget, &header, sets.data())), "capget", "this thread");
  return sets;
}

int setEffective(Sets sets, std::uint32_t effective) {
  __user_cap_header_struct header = thisThread();
  sets.front().effective = effective;
  return static_cast<int>(::syscall(SYS_capset, &header, sets.data()));
}

}  // namespace

WithoutCapability::WithoutCapability(unsigned number) {
  const Sets sets = capabilities();
  before_ = sets.front().effective;
  require(setEffective(sets, before_ & ~(1U << number)), "capset", "without a capability");
}

WithoutCapability::~WithoutCapability() {
  try {
    require(setEffective(capabilities(), before_), "capset", "with all capabilities again");
  } catch (const SetupError& error) {
    std::cerr << error.what() << '\n';
  }
}

}  // namespace sys
