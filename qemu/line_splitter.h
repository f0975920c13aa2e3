// SPDX-License-Identifier: GPL-2.0
// LineSplitter: a stream of bytes in, whole lines out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace qemu {

class LineSplitter {
 public:
  // limit: bytes that a line may have before it counts as endless.
  explicit LineSplitter(std::size_t limit) : limit_(limit) {}

  // Takes the next bytes and calls take(std::string_view) for every line that they end, without
  // its newline.
  template <typename Take>
  void add(std::string_view bytes, const Take& take) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      partial_.append(bytes.substr(0, end));
      if (partial_.size() > limit_) overflowed_ = true;
      if (end == std::string_view::npos) return;
      take(std::string_view(partial_));
      partial_.clear();
      bytes.remove_prefix(end + 1);
    }
  }

  // The beginning of a line that has not ended.
  const std::string& partial() const { return partial_; }
  // Gives the partial line and forgets it.
  std::string takePartial() { return std::exchange(partial_, {}); }
  // A line was longer than the limit.
  bool overflowed() const { return overflowed_; }

 private:
  std::size_t limit_;
  std::string partial_;
  bool overflowed_ = false;
};

}  // namespace qemu
