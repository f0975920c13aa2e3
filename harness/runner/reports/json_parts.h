// SPDX-License-Identifier: GPL-2.0
// What the JSON reports have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runner/results/results.h"

namespace runner {

using Json = nlohmann::ordered_json;

inline constexpr int kJsonFormat = 1;

// As text that ends with a line end; invalid UTF-8 is replaced.
std::string written(const Json& object);

Json jsonOf(const KernelIdentity& kernel);
// Why there is no kernel; null when there is one.
Json failureOf(const RunResults& results);
// How many cases have each verdict.
Json countsOf(const RunResults& results);

}  // namespace runner
