// SPDX-License-Identifier: GPL-2.0-only
// A directory for one test, removed with its files in the end.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "runner/base/cache.h"

namespace runner {

class ScratchDirectory {
 public:
  ScratchDirectory() : directory_(std::filesystem::temp_directory_path()) {}

  const std::filesystem::path& path() const { return directory_.path(); }
  std::filesystem::path operator/(const std::string& name) const { return path() / name; }

  // Creates the file and its directories.
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::filesystem::path file = path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path() / name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  TemporaryDirectory directory_;
};

}  // namespace runner
