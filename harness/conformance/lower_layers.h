// SPDX-License-Identifier: GPL-2.0-only
// Lower layers other than the one that all overlays share, with the same files. For LayerPlaces and
// lowerdir=. All throw SetupError.
#pragma once

#include <string>

#include "conformance/subject.h"

namespace conformance {

// An empty layer above the usual one.
std::string twoLowerLayers(Subject& subject);
// One directory on the upper filesystem for all overlays of a case, as container engines have it.
std::string lowerOnTheUpperFilesystem(Subject& subject);
// An overlay without an upper layer.
std::string overlayAsLower(Subject& subject);

}  // namespace conformance
