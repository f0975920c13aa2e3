// SPDX-License-Identifier: GPL-2.0-only
// Judges a kernel by a sequence: each answer must be one that the model allows.
#pragma once

#include <optional>
#include <string>

#include "conformance/explore/sequence.h"
#include "conformance/subject.h"
#include "model/world.h"

namespace conformance {

// Where a kernel and the model differ.
struct Divergence {
  std::size_t steps = 0;  // until then, that step included
  std::string what;       // "file3.syncfs(): success instead of EIO"
  bool of_disk = false;   // the answer is right, but not what was written to the disk meanwhile
};

// Takes the steps until one diverges, without those that the kernel makes impossible. Throws
// SetupError, and Skipped if the kernel cannot do a step.
std::optional<Divergence> judge(Subject& subject, model::World world, const Sequence& sequence);

// The sequence as the body of a case, with the answers that the model expects.
std::string caseOf(model::World world, const Sequence& sequence);

}  // namespace conformance
