// SPDX-License-Identifier: GPL-2.0
// What the JSON of all reports and lists has in common.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runner/kernels/identity.h"

namespace runner {

// In the order in which its members are added.
using Json = nlohmann::ordered_json;

// Indented, with a newline at its end. Invalid UTF-8 of a guest is replaced.
std::string textOf(const Json& json);

// What exactly was judged.
Json jsonOf(const KernelIdentity& kernel);

}  // namespace runner
