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

// "D" in the third field: it sleeps, and no signal wakes it. The second one is the name in
// parentheses.
bool sleepsInTheKernel(int thread) {
  std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  std::getline(status, line);
  const std::size_t name_end = line.rfind(')');
  return name_end != std::string::npos && line.compare(name_end, 3, ") D") == 0;
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

bool CallInThread::waits() {
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < end) {
    if (sleepsInTheKernel(thread().id)) return true;
    if (result_.wait_for(1ms) == std::future_status::ready) return false;
  }
  throw sys::SetupError("thread", "neither waits in the kernel nor ends", ETIMEDOUT);
}

}  // namespace conformance
