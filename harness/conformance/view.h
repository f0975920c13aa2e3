// SPDX-License-Identifier: GPL-2.0-only
// View: a directory through which a case sees the files, of the bare filesystem or of an overlay.
#pragma once

#include <fcntl.h>

#include <string>

#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

class View {
 public:
  // bare: the directory of the bare filesystem that holds what is written through this view.
  View(std::string root, std::string bare) : root_(std::move(root)), bare_(std::move(bare)) {}

  const std::string& root() const { return root_; }
  std::string path(const std::string& name) const { return root_ + '/' + name; }
  std::string barePath(const std::string& name) const { return bare_ + '/' + name; }
  // open(2) with these flags. Throws SetupError.
  sys::File open(const std::string& name, int flags = O_RDWR) const {
    return sys::File(path(name), flags);
  }
  // The same, but the open itself is under test: the file is closed again. Its number is left out
  // of the result, since it is a matter of chance, and results are compared.
  [[nodiscard]] sys::Result tryOpen(const std::string& name, int flags = O_RDWR) const {
    const std::string opened = path(name);
    const int file = ::open(opened.c_str(), flags | O_CLOEXEC, 0600);
    const sys::Result result = sys::Result::ofCall(file < 0 ? -1 : 0);  // errno is still its own
    const sys::Descriptor closed(file);
    return result;
  }

 private:
  std::string root_;
  std::string bare_;
};

}  // namespace conformance
