// SPDX-License-Identifier: GPL-2.0-only
// PlayedPrograms: shell scripts that play other programs, first in PATH.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/scratch_directory.h"

namespace runner {

class PlayedPrograms {
 public:
  PlayedPrograms() {
    if (const char* path = std::getenv("PATH")) path_ = path;
    setenv("PATH", (directory_.path().string() + ':' + path_).c_str(), 1);
  }
  PlayedPrograms(const PlayedPrograms&) = delete;
  PlayedPrograms& operator=(const PlayedPrograms&) = delete;
  ~PlayedPrograms() { setenv("PATH", path_.c_str(), 1); }

  // From now on, the program of this name runs these steps.
  void play(const std::string& name, const std::string& steps) const {
    std::filesystem::permissions(directory_.write(name, "#!/bin/sh\n" + steps),
                                 std::filesystem::perms::owner_all);
  }

 private:
  const ScratchDirectory directory_;
  std::string path_ = "/usr/bin:/bin";
};

}  // namespace runner
