// SPDX-License-Identifier: GPL-2.0
#include "runner/base/read_file.h"

#include <fstream>
#include <sstream>

namespace runner {

std::string readFile(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace runner
