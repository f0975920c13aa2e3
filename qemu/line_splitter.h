// SPDX-License-Identifier: GPL-2.0-only
// LineSplitter: splits a stream of bytes into lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace qemu {

class LineSplitter {
 public:
  // limit: the maximum length of a line in bytes.
  explicit LineSplitter(std::size_t limit) : limit_(limit) {}

  // Adds bytes and calls take(std::string_view) for every line that they complete, without its
  // newline.
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

  // The beginning of an incomplete line.
  const std::string& partial() const { return partial_; }
  // Returns the partial line and forgets it.
  std::string takePartial() { return std::exchange(partial_, {}); }
  // Whether a line exceeded the limit.
  bool overflowed() const { return overflowed_; }

 private:
  std::size_t limit_;
  std::string partial_;
  bool overflowed_ = false;
};

}  // namespace qemu
