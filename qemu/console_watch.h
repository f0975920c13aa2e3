// SPDX-License-Identifier: GPL-2.0
// ConsoleWatch: reads the lines of a kernel's console and tells what became of the kernel.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qemu {

// The kernel has to be booted with printk.time=1: the time stamp tells its lines from those that
// programs write to the same console.
class ConsoleWatch {
 public:
  // tail: how many of the last lines to keep.
  explicit ConsoleWatch(std::size_t tail) : tail_limit_(tail) {}

  // Takes the next line, without its newline.
  void line(std::string_view text);

  // What the kernel said as it panicked, without time stamp; nothing while it lives.
  const std::optional<std::string>& panic() const { return panic_; }
  // The first line of every splat, without time stamps; at most kSplatLimit of them.
  const std::vector<std::string>& splats() const { return splats_; }
  // The kernel said that it powers off, or that it restarts.
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

// What the kernel printed: the line without its time stamp; nothing for a line that isn't the
// kernel's.
std::optional<std::string_view> kernelMessage(std::string_view line);
// The message is the first line of a splat: BUG, WARNING, lockdep, KASAN, an Oops, a hung task.
bool startsSplat(std::string_view message);

}  // namespace qemu
