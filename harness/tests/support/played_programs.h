// SPDX-License-Identifier: GPL-2.0
// PlayedPrograms: shell scripts that play other programs, found before all others in PATH.
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

  // The program of this name does these steps from now on.
  void play(const std::string& name, const std::string& steps) const {
    std::filesystem::permissions(directory_.write(name, "#!/bin/sh\n" + steps),
                                 std::filesystem::perms::owner_all);
  }

 private:
  const ScratchDirectory directory_;
  std::string path_ = "/usr/bin:/bin";
};

}  // namespace runner
