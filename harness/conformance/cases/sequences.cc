// SPDX-License-Identifier: GPL-2.0-only
// Sequences of steps that are made at random, and judged by a model of what has to be answered. A
// part of them is in every run; `explore` takes more.
#include "conformance/explore/batch.h"

namespace conformance {
namespace {

// The seed is fixed: every run must give the same verdict.
constexpr Exploration kInEveryRun = {.seed = 1, .steps = 2000};

const bool kSequencesAdded = [] {
  for (Case& batch : explorations(kInEveryRun)) Registration(std::move(batch));
  return true;
}();

}  // namespace
}  // namespace conformance
