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
  // A thread of the filesystem can cause one that is about the disk.
  enum class About { answer, disk, kernel_log };

  std::size_t steps = 0;  // until then, that step included
  std::string what;       // "file3.syncfs(): success instead of EIO"
  About about = About::answer;
};

// Takes the steps until one diverges, without those that the kernel makes impossible. Throws
// SetupError, and Skipped if the kernel cannot do a step.
std::optional<Divergence> judge(Subject& subject, model::World world, const Sequence& sequence);

// The sequence as the body of a case, with the answers that the model expects, and what it expects
// of the disk or the kernel log in the end.
std::string caseOf(model::World world, const Sequence& sequence,
                   Divergence::About about = Divergence::About::answer);

}  // namespace conformance
