// SPDX-License-Identifier: GPL-2.0-only
// A Progress for tests that records what it is told.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/base/progress.h"

namespace runner {

class RecordingProgress : public Progress {
 public:
  void step(std::string_view what) override { steps.emplace_back(what); }
  void advance(std::optional<double> fraction, std::string_view) override {
    if (fraction) fractions.push_back(*fraction);
  }
  void note(std::string_view what) override { notes.emplace_back(what); }
  void remark(std::string_view what) override { remarks.emplace_back(what); }

  std::vector<std::string> steps, notes, remarks;
  std::vector<double> fractions;
};

}  // namespace runner
