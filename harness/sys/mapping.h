// SPDX-License-Identifier: GPL-2.0-only
// Mapping: the owner of a shared mapping of a file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sys/open_file.h"

namespace sys {

class Mapping {
 public:
  // Maps the first bytes of a file that is open for reading and writing. Throws SetupError.
  Mapping(const File& file, std::size_t bytes);
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  // Loads this many bytes from the beginning.
  std::string read(std::size_t bytes) const;
  // Stores the data at the beginning; it has to fit.
  void write(std::string_view data) const;
  // msync(MS_SYNC) of all of it.
  Result sync() const;

 private:
  void* memory_;
  std::size_t bytes_;
};

}  // namespace sys
