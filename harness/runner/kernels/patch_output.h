// SPDX-License-Identifier: GPL-2.0-only
// What patch(1) says, line by line, about the files and hunks of a patch.
#pragma once

#include <string>
#include <string_view>

#include "runner/kernels/patch_fit.h"

namespace runner {

// Reads the output of `patch --verbose`.
class PatchOutput {
 public:
  explicit PatchOutput(PatchFit& fit) : fit_(fit) {}

  void read(std::string_view line);
  // At the end. ok: the exit status was 0.
  void finish(bool ok);
  bool diskFull() const { return full_; }

 private:
  void readHeader(std::string_view line);
  void addProblem(std::string text);

  PatchFit& fit_;
  std::string file_;  // that the next lines are about
  std::string last_;  // that says anything
  bool full_ = false;
};

}  // namespace runner
