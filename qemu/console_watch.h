// SPDX-License-Identifier: GPL-2.0-only
// ConsoleWatch: reads a kernel's console and detects panics, splats and power-offs.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qemu {

// Boot the kernel with printk.time=1: the time stamp distinguishes its lines from those of programs
// on the same console.
class ConsoleWatch {
 public:
  // tail: the number of last lines to keep.
  explicit ConsoleWatch(std::size_t tail) : tail_limit_(tail) {}

  // Takes the next line, without its newline.
  void line(std::string_view text);

  // The panic message, without time stamp; nothing if the kernel did not panic.
  const std::optional<std::string>& panic() const { return panic_; }
  // The first line of each splat, without time stamps; at most kSplatLimit of them.
  const std::vector<std::string>& splats() const { return splats_; }
  // The kernel announced a power-off or a restart.
  bool poweredOff() const { return powered_off_; }
  bool restarted() const { return restarted_; }
  std::vector<std::string> tail() const { return {tail_.begin(), tail_.end()}; }

  static constexpr std::size_t kSplatLimit = 100;

 private:
  void kernelLine(std::string_view message);

  std::size_t tail_limit_;
  std::deque<std::string> tail_;
  std::optional<std::string> panic_;
  std::vector<std::string> splats_;
  std::size_t lines_since_splat_ = 0;
  bool powered_off_ = false;
  bool restarted_ = false;
};

// A line of the kernel without its time stamp; nothing if the line is not the kernel's.
std::optional<std::string_view> kernelMessage(std::string_view line);
// Whether the message is the first line of a splat: BUG, WARNING, lockdep, KASAN, Oops, hung task.
bool startsSplat(std::string_view message);

}  // namespace qemu
