// SPDX-License-Identifier: GPL-2.0-only
// Shared by the JSON of all reports and lists.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runner/kernels/identity.h"

namespace runner {

// Keeps the order in which members are added.
using Json = nlohmann::ordered_json;

// Indented, with a final newline. Replaces invalid UTF-8 from a guest.
std::string textOf(const Json& json);

// Identifies the kernel exactly.
Json jsonOf(const KernelIdentity& kernel);

}  // namespace runner
