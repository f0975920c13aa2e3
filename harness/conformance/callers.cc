// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/callers.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <system_error>
#include <thread>

#include "sys/child_process.h"
#include "sys/setup_error.h"

namespace conformance {

using sys::File;
using sys::Result;

std::vector<Result> syncfsInChildren(const File& file, int children) {
  sys::Pipe start = sys::Pipe::make();
  std::vector<pid_t> pids;
  int fork_error = 0;
  for (int i = 0; i < children && fork_error == 0; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      // Blocks until the last child has started: then nobody holds the write end any more.
      start.write.close();
      char byte = 0;
      (void)!::read(start.read.get(), &byte, 1);
      ::_exit(file.syncfs().error());
    }
    if (child < 0) {
      fork_error = errno;
    } else {
      pids.push_back(child);
    }
  }
  start.write.close();
  std::vector<Result> answers;
  bool killed = false;
  for (const pid_t child : pids) {
    int status = 0;
    sys::require(::waitpid(child, &status, 0), "waitpid", "of a child that calls syncfs");
    killed = killed || !WIFEXITED(status);
    const int error = WEXITSTATUS(status);
    answers.push_back(error == 0 ? Result::success() : Result::failure(error));
  }
  if (fork_error != 0) throw sys::SetupError("fork", "for syncfs", fork_error);
  if (killed) throw sys::SetupError("child", "that calls syncfs was killed", 0);
  return answers;
}

std::vector<Result> syncfsInThreads(const std::vector<const File*>& files) {
  std::vector<Result> answers(files.size(), Result::success());
  // A barrier would wake its sleepers one after the other, too far apart to collide.
  std::atomic<std::size_t> arrived = 0;
  std::vector<std::jthread> threads;
  try {
    for (std::size_t i = 0; i < files.size(); ++i) {
      threads.emplace_back([&, i] {
        ++arrived;
        while (arrived < files.size()) std::this_thread::yield();
        answers[i] = files[i]->syncfs();
      });
    }
  } catch (const std::system_error& error) {
    arrived = files.size();  // nobody waits for the missing threads
    throw sys::SetupError("thread", "that calls syncfs", error.code().value());
  }
  threads.clear();
  return answers;
}

namespace {

// This thread as user 65534. Not setresuid(3), which changes all threads. The kernel takes the
// capabilities away while the effective user is not root, and gives them back.
class AsNobody {
 public:
  AsNobody() { sys::require(become(kNobody), "setresuid", std::to_string(kNobody)); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (become(kRoot) != 0) std::abort();
  }

 private:
  static constexpr uid_t kNobody = 65534, kRoot = 0, kSame = -1;

  static long become(uid_t user) { return ::syscall(SYS_setresuid, kSame, user, kSame); }
};

}  // namespace

Result asNobody(const std::function<Result()>& call) {
  const AsNobody nobody;
  return call();
}

}  // namespace conformance
