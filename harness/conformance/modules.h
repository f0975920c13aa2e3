// SPDX-License-Identifier: GPL-2.0-only
// The kernel's modules, which the host packs into the initramfs in the order in which they load.
#pragma once

#include <string>
#include <vector>

namespace conformance {

// In the guest. A line for each module: "need" or "may" (it may be left out: what it depends on is
// optional), its file, its parameters.
inline constexpr const char* kModuleList = "/modules/list";

// Loads them. Returns a sentence for each needed one that does not load; without a list, nothing.
std::vector<std::string> loadModules();

}  // namespace conformance
