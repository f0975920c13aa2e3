// SPDX-License-Identifier: GPL-2.0-only
#include "sys/waiting.h"

#include <cerrno>
#include <thread>

#include "sys/setup_error.h"

namespace sys {

void waitUntil(const std::function<bool()>& is_so, std::chrono::milliseconds limit,
               const std::string& call, const std::string& what) {
  using namespace std::chrono_literals;
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) throw SetupError(call, what, ETIMEDOUT);
    std::this_thread::sleep_for(100us);
  }
}

}  // namespace sys
