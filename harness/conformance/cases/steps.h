// SPDX-License-Identifier: GPL-2.0-only
// Basic operations on a file or a name, as steps whose result is under test.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <string>

#include "conformance/view.h"
#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

inline constexpr std::size_t kBytes = 4096;  // a page
inline constexpr int kRepeats = 3;           // of a call that must keep failing

// As O_DIRECT asks for it.
struct alignas(kBytes) AlignedPage {
  std::array<char, kBytes> bytes{};
};

// Of its first page.
inline sys::Result read(const sys::File& file) {
  AlignedPage page;
  return sys::Result::ofCall(::pread(file.descriptor(), page.bytes.data(), kBytes, 0));
}

// flags: of pwritev2(2), RWF_SYNC. Throws SetupError when only a part was written.
inline sys::Result write(const sys::File& file, int flags = 0) {
  AlignedPage page;
  page.bytes.fill(sys::freshBytes(1)[0]);
  const iovec bytes{page.bytes.data(), kBytes};
  const auto result = sys::Result::ofCall(::pwritev2(file.descriptor(), &bytes, 1, 0, flags));
  if (result.ok()) sys::mustBeAll(result.value(), kBytes);
  return result;
}

inline sys::Result map(const sys::File& file) {
  void* memory = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, file.descriptor(), 0);
  if (memory == MAP_FAILED) return sys::Result::ofCall(-1);
  return sys::Result::ofCall(::munmap(memory, kBytes));
}

// The next entry or two of a directory.
inline sys::Result readEntry(const sys::File& directory) {
  constexpr std::size_t kFewBytes = 64;
  AlignedPage page;
  return sys::Result::ofCall(
      ::syscall(SYS_getdents64, directory.descriptor(), page.bytes.data(), kFewBytes));
}

inline sys::Result lookUp(const View& view, const std::string& name = "data") {
  struct stat status {};
  return sys::Result::ofCall(::stat(view.path(name).c_str(), &status));
}

inline sys::Result create(const View& view, const std::string& name) {
  return view.tryOpen(name, O_RDWR | O_CREAT);
}

}  // namespace conformance
