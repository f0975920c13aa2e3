// SPDX-License-Identifier: GPL-2.0-only
// MappedFile: a whole file, mapped, since a kernel with debug information has hundreds of
// megabytes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace runner {

class MappedFile {
 public:
  // Never throws: a file that cannot be read is empty and has an error.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view text() const { return {static_cast<const char*>(data_), length_}; }
  int error() const { return error_; }  // of open(2), fstat(2) or mmap(2); 0: none

 private:
  void* data_ = nullptr;
  std::size_t length_ = 0;
  int error_ = 0;
};

// As std::string_view::find(), in a text that is long enough for a faster search.
std::size_t findText(std::string_view text, std::string_view wanted, std::size_t from = 0);

}  // namespace runner
