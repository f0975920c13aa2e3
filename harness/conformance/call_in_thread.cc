// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/call_in_thread.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include "sys/setup_error.h"

namespace conformance {
namespace {

using namespace std::chrono_literals;

// In the third field of its status; the second one is the name in parentheses. "D": sleeps in the
// kernel, and no signal wakes it. "S": sleeps, and a signal does.
char stateOf(int thread) {
  std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  std::getline(status, line);
  const std::size_t name_end = line.rfind(')');
  return name_end + 2 < line.size() ? line[name_end + 2] : '?';
}

}  // namespace

CallInThread::CallInThread(std::function<sys::Result()> call) try
    : result_(std::async(std::launch::async, [this, call = std::move(call)] {
        started_.set_value({::pthread_self(), ::gettid()});
        return call();
      })) {
} catch (const std::system_error& error) {
  throw sys::SetupError("thread", "for a call that may wait", error.code().value());
}

void CallInThread::interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) {};  // no SA_RESTART
  sys::require(::sigaction(SIGUSR1, &action, nullptr), "sigaction", "SIGUSR1");
  const int error = ::pthread_kill(thread().handle, SIGUSR1);
  if (error != 0) throw sys::SetupError("pthread_kill", "a call that waits", error);
}

bool CallInThread::ends() {
  if (endsWithin(5s)) return true;
  interrupt();
  return false;
}

bool CallInThread::waits() {
  constexpr int kSurelyAsleep = 50;
  const auto end = std::chrono::steady_clock::now() + 5s;
  for (int asleep = 0; std::chrono::steady_clock::now() < end;) {
    const char state = stateOf(thread().id);
    asleep = state == 'S' ? asleep + 1 : 0;  // it may not have come to the call yet
    if (state == 'D' || asleep == kSurelyAsleep) return true;
    if (endsWithin(1ms)) return false;
  }
  throw sys::SetupError("thread", "neither waits in the kernel nor ends", ETIMEDOUT);
}

}  // namespace conformance
