// SPDX-License-Identifier: GPL-2.0-only
// Basic operations on a file or a name, as steps whose result is under test.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "conformance/view.h"
#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

inline constexpr std::size_t kBytes = 4096;  // a page
inline constexpr int kRepeats = 3;           // of a call that must keep failing

// Its first page.
inline sys::Result read(const sys::File& file) {
  std::array<char, kBytes> bytes{};
  return sys::Result::ofCall(::pread(file.descriptor(), bytes.data(), bytes.size(), 0));
}

inline sys::Result write(const sys::File& file) {
  return file.pwrite(sys::freshBytes(kBytes), 0);
}

inline sys::Result lookUp(const View& view, const std::string& name = "data") {
  struct stat status {};
  return sys::Result::ofCall(::stat(view.path(name).c_str(), &status));
}

inline sys::Result create(const View& view, const std::string& name) {
  return view.tryOpen(name, O_RDWR | O_CREAT);
}

}  // namespace conformance
