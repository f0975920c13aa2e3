// SPDX-License-Identifier: GPL-2.0
#include "runner/cli/become.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "sys/setup_error.h"

namespace runner {

void become(std::string program, std::vector<std::string> arguments, const Project& project) {
  std::vector<char*> pointers = {program.data()};
  for (std::string& word : arguments) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::setenv("OVL_SYNCFS_ROOT", project.root.c_str(), 1);
  ::setenv("OVL_SYNCFS_GUEST", project.guest.c_str(), 1);
  ::signal(SIGPIPE, SIG_DFL);  // ignored signals stay so across an exec
  ::execv(program.c_str(), pointers.data());
  throw sys::SetupError("exec", program, errno);
}

}  // namespace runner
