// SPDX-License-Identifier: GPL-2.0
#include "conformance/callers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <cstddef>
#include <thread>

#include "sys/setup_error.h"

namespace conformance {

using sys::File;
using sys::Result;

std::vector<Result> syncfsInChildren(const File& file, int children) {
  std::vector<pid_t> pids;
  for (int i = 0; i < children; ++i) {
    const auto child = static_cast<pid_t>(sys::require(::fork(), "fork", "for syncfs"));
    if (child == 0) ::_exit(file.syncfs().error());
    pids.push_back(child);
  }
  std::vector<Result> answers;
  for (const pid_t child : pids) {
    int status = 0;
    sys::require(::waitpid(child, &status, 0), "waitpid", "of a child that calls syncfs");
    if (!WIFEXITED(status)) throw sys::SetupError("child", "that calls syncfs was killed", 0);
    const int error = WEXITSTATUS(status);
    answers.push_back(error == 0 ? Result::success() : Result::failure(error));
  }
  return answers;
}

std::vector<Result> syncfsInThreads(const std::vector<const File*>& files) {
  std::vector<Result> answers(files.size(), Result::success());
  std::barrier together(static_cast<std::ptrdiff_t>(files.size()));
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < files.size(); ++i) {
    threads.emplace_back([&, i] {
      together.arrive_and_wait();
      answers[i] = files[i]->syncfs();
    });
  }
  threads.clear();
  return answers;
}

}  // namespace conformance
