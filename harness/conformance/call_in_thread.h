// SPDX-License-Identifier: GPL-2.0-only
// CallInThread: a call that may have to wait for others, in a thread of its own.
#pragma once

#include <pthread.h>

#include <chrono>
#include <functional>
#include <future>

#include "sys/result.h"

namespace conformance {

class CallInThread {
 public:
  // Starts it. Throws SetupError.
  explicit CallInThread(std::function<sys::Result()> call);
  CallInThread(const CallInThread&) = delete;
  CallInThread& operator=(const CallInThread&) = delete;
  ~CallInThread() = default;  // waits for the call

  // Until the kernel lets it wait for I/O or a lock, which is true, or it has ended. Throws
  // SetupError if it does neither for five seconds.
  [[nodiscard]] bool waits();
  // Whether it ends by itself. One that takes more than five seconds is interrupted. Throws
  // SetupError.
  [[nodiscard]] bool ends();
  // Whether it ends by itself within this time. It goes on otherwise.
  [[nodiscard]] bool endsWithin(std::chrono::milliseconds time) {
    return result_.wait_for(time) == std::future_status::ready;
  }
  // Interrupts it with a signal whose handler does nothing, as a timer would.
  void interrupt();
  // What it returned, once it has. Only once.
  [[nodiscard]] sys::Result result() { return result_.get(); }

 private:
  struct Thread {
    pthread_t handle;
    int id;
  };
  const Thread& thread() { return thread_.get(); }

  std::promise<Thread> started_;
  std::shared_future<Thread> thread_ = started_.get_future().share();
  std::future<sys::Result> result_;
};

}  // namespace conformance
