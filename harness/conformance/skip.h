// SPDX-License-Identifier: GPL-2.0-only
// Skipped: thrown when a case cannot be judged here, which is a verdict of its own.
#pragma once

#include <string>

namespace conformance {

struct Skipped {
  std::string reason;
};

[[noreturn]] inline void skip(const std::string& reason) {
  throw Skipped{reason};
}

}  // namespace conformance
