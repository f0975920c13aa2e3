// SPDX-License-Identifier: GPL-2.0
// OneStep: makes the steps of a part the details of a single one: "build a8-forgets, 7 of 40".
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "runner/base/progress.h"

namespace runner {

class OneStep : public Progress {
 public:
  OneStep(std::string title, Progress& progress) : title_(std::move(title)), progress_(progress) {}

  void step(std::string_view what) override { advance(std::nullopt, what); }
  void advance(std::optional<double> fraction, std::string_view detail) override {
    if (!std::exchange(begun_, true)) progress_.step(title_);
    progress_.advance(fraction, detail);
  }
  void note(std::string_view what) override { progress_.note(what); }
  void remark(std::string_view what) override { progress_.remark(what); }
  // Whether there was anything to do.
  bool begun() const { return begun_; }

 private:
  std::string title_;
  Progress& progress_;
  bool begun_ = false;
};

}  // namespace runner
