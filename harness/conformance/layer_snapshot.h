// SPDX-License-Identifier: GPL-2.0-only
// LayerSnapshot: what is in a layer, to see that nothing of it has changed.
#pragma once

#include <map>
#include <string>

namespace conformance {

// Of each name: type, mode, owner, links, size, time of the last access and of the last change of
// the data, extended attributes, flags, and the first page. Taking it changes nothing.
using LayerSnapshot = std::map<std::string, std::string>;

// Of this directory and all in it. Throws SetupError.
LayerSnapshot takeSnapshot(const std::string& directory);
// Gives all that is there times that no program sets by chance. With relatime, which is the
// default, any access changes that of the last one.
void setOldTimes(const std::string& directory);
// A line for each difference; empty if there is none.
std::string differences(const LayerSnapshot& before, const LayerSnapshot& after);

}  // namespace conformance
