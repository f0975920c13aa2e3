// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "runner/commands/commands.h"
#include "sys/setup_error.h"

namespace runner {

int test(const std::vector<std::string>& arguments, const Project& project) {
  std::string program = (project.root / "ci" / "test-suite").string();
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers = {program.data()};
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::setenv("OVL_SYNCFS_ROOT", project.root.c_str(), 1);
  ::setenv("OVL_SYNCFS_GUEST", project.guest.c_str(), 1);
  ::signal(SIGPIPE, SIG_DFL);  // ignored signals stay so across an exec
  ::execv(program.c_str(), pointers.data());
  throw sys::SetupError("exec", program, errno);
}

}  // namespace runner
