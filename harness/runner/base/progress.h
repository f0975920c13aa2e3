// SPDX-License-Identifier: GPL-2.0-only
// Progress of long work. A terminal shows it live, a file gets plain lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace runner {

class Progress {
 public:
  virtual ~Progress() = default;
  // Begins a new step, which ends the previous one: "download linux 7.3.4".
  virtual void step(std::string_view what) = 0;
  // How far the step is: a fraction from 0 to 1 if known, and a detail ("fs/ext4/inode.o", "84 of
  // 158 MiB"). May be called very often.
  virtual void advance(std::optional<double> fraction, std::string_view detail) = 0;
  // Something that the user must know, kept on the screen and in the reports: "KVM does not answer
  // here".
  virtual void note(std::string_view what) = 0;
  // Something about the host that affects no verdict, kept on the screen only: "the source takes
  // 855 MiB".
  virtual void remark(std::string_view what) = 0;
};

// Shows the steps of a subtask as details of a single step: "build a8-forgets, 7 of 40".
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
