// SPDX-License-Identifier: GPL-2.0-only
// Arrangements: overlays beside the subject that differ in where their layers are, and in the
// options that decide what overlayfs makes of them.
#pragma once

#include <string>
#include <vector>

#include "conformance/expect.h"
#include "conformance/layers.h"
#include "conformance/subject.h"

namespace conformance {

struct ArrangedOverlay {
  std::string name;  // "two lower layers"
  Layers layers;     // its options are all that it was mounted with
  View view;
  bool is_for_users;  // userxattr: for a mounter without privileges
};

// Mounts one of each, with one more option, which may be empty. Their upper layers are empty.
// Leaves out what only newer kernels have; any other mount that fails is a failure of the case.
// Throws SetupError.
std::vector<ArrangedOverlay> mountEveryArrangement(Subject& subject, const std::string& option,
                                                   CalledFrom = Line::current());

}  // namespace conformance
