// SPDX-License-Identifier: GPL-2.0
// Versions as Debian writes them: [epoch:]upstream[-revision].
#pragma once

#include <string>
#include <string_view>

namespace runner {

// "7.3.4-1~bpo13+1" -> "7.3.4".
std::string upstreamOf(std::string_view version);

// The order of deb-version(7): "7.3~rc7" < "7.3" < "7.3.4" < "7.3.10".
bool olderVersion(const std::string& left, const std::string& right);

// Whether an upstream version is a release or a candidate of a tree: "7.3", "7.3.4" and "7.3~rc7"
// belong to "7.3", "7.30" does not.
bool belongsTo(std::string_view upstream, std::string_view tree);

}  // namespace runner
