// SPDX-License-Identifier: GPL-2.0-only
// Scripts as child processes, for tests.
#pragma once

#include <chrono>
#include <string>

#include "sys/child_process.h"

namespace sys {

// How long a process may take that should end at once.
inline constexpr std::chrono::milliseconds kSoon{5000};

inline Command shell(const std::string& script) {
  return {.arguments = {"sh", "-c", script}};
}

}  // namespace sys
