// SPDX-License-Identifier: GPL-2.0-only
// ChildProcess: the owner of one process that this program started.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sys/descriptor.h"

namespace sys {

// How a process ended.
struct Exit {
  int code = 0;    // its exit status, when signal is 0
  int signal = 0;  // the signal that ended it, or 0
  bool ok() const { return code == 0 && signal == 0; }
};

// What to start, and how.
struct Command {
  std::vector<std::string> arguments;                   // arguments[0] is looked up in PATH
  std::filesystem::path directory = {};                 // working directory; empty: this process's
  std::map<std::string, std::string> environment = {};  // set on top of this process's own
  // Descriptors that the child inherits: {descriptor here, number there}. 0, 1 and 2 are /dev/null
  // unless they are listed.
  std::map<int, int> inherited = {};
  // Everything in its process group dies with this process too, even after SIGKILL. This process
  // then has a child that it does not know of, so it must not wait for arbitrary children.
  bool guarded = false;
  // The only processor that it, and whatever it starts, may run on. If there is no such processor,
  // it runs anywhere.
  std::optional<int> processor = {};
};

// Starts a process in a process group of its own. The kernel kills it when the thread that started
// it ends (PR_SET_PDEATHSIG), for whatever reason; the destructor kills its whole group and reaps
// it. Poll pidfd() to wait for it.
class ChildProcess {
 public:
  // Throws SetupError when the process cannot be started (ENOENT: no such program).
  explicit ChildProcess(const Command& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ~ChildProcess();

  pid_t pid() const;
  int pidfd() const;  // readable once the process has ended
  // Sends a signal to the whole process group; nothing happens when it has ended.
  void signal(int number);
  // Waits up to `limit`; returns nothing if the process is still running then.
  std::optional<Exit> wait(std::chrono::milliseconds limit);
  // Waits until the end, or throws Interrupted (sys/interrupt.h).
  Exit wait();

 private:
  void end() noexcept;

  pid_t pid_ = -1;
  Descriptor pidfd_;
  Descriptor lifeline_;  // closed by the kernel when this process ends, which the guard sees
  std::optional<Exit> exit_;
};

// A pipe: both ends close-on-exec.
struct Pipe {
  Descriptor read, write;
  static Pipe make();
};

struct Output {
  Exit exit;
  std::string text;  // standard output and standard error, in the order written
};

// Runs a command to its end and collects what it printed (both streams). Throws SetupError when it
// cannot be started, Interrupted when the user wants to stop.
Output runCommand(const Command& command);
// The same, but appends to the caller's text; on_read() may consume what has arrived so far.
Exit runCommand(const Command& command, std::string& text, const std::function<void()>& on_read);

}  // namespace sys
