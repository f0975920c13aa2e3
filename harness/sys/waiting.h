// SPDX-License-Identifier: GPL-2.0-only
// Waiting for what nobody announces.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace sys {

// Asks every 100 microseconds until it is so. Throws SetupError(call, what, ETIMEDOUT) if it is not
// within the limit, and what the question throws.
void waitUntil(const std::function<bool()>& is_so, std::chrono::milliseconds limit,
               const std::string& call, const std::string& what);

}  // namespace sys
