// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "sys/descriptor.h"

namespace runner {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const sys::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) {
    error_ = errno;
    return;
  }
  const auto length = static_cast<std::size_t>(status.st_size);
  if (length == 0) return;
  void* const data = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) {
    error_ = errno;
    return;
  }
  data_ = data;
  length_ = length;
}

MappedFile::~MappedFile() {
  if (length_ > 0) ::munmap(data_, length_);
}

std::size_t findText(std::string_view text, std::string_view wanted, std::size_t from) {
  const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(),
                                 std::boyer_moore_horspool_searcher(wanted.begin(), wanted.end()));
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

}  // namespace runner
