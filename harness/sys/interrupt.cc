// SPDX-License-Identifier: GPL-2.0-only
#include "sys/interrupt.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string>

#include "sys/setup_error.h"

namespace sys {
namespace {

// Read and written by the handler, so both have to be free of locks.
std::atomic<int> first_signal{0};
std::atomic<int> event{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void onSignal(int number) {
  const int saved_errno = errno;
  int none = 0;
  first_signal.compare_exchange_strong(none, number);
  const std::uint64_t one = 1;
  // It can only fail when the counter is full, and then it is readable already.
  [[maybe_unused]] const ssize_t written = write(event.load(), &one, sizeof one);
  errno = saved_errno;
}

void install(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // poll() returns nevertheless, and libraries see no EINTR
  sigemptyset(&action.sa_mask);
  require(sigaction(number, &action, nullptr), "sigaction", strsignal(number));
}

bool ignored(int number) {
  struct sigaction action = {};
  require(sigaction(number, nullptr, &action), "sigaction", strsignal(number));
  return action.sa_handler == SIG_IGN;
}

}  // namespace

Interrupted::Interrupted(int signal)
    : std::runtime_error(std::string("stopped by the signal ") + strsignal(signal)),
      signal_(signal) {}

void installInterruptHandlers() {
  if (event.load() < 0) {
    event =
        static_cast<int>(require(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd", "for signals"));
  }
  install(SIGINT, onSignal);
  install(SIGTERM, onSignal);
  if (!ignored(SIGHUP)) install(SIGHUP, onSignal);  // respects nohup
  install(SIGPIPE, SIG_IGN);
  install(SIGXFSZ, SIG_IGN);  // a file beyond RLIMIT_FSIZE is an error of the write: EFBIG
}

int interruptDescriptor() {
  return event.load();
}

void throwIfInterrupted() {
  if (const int number = first_signal.load(); number != 0) throw Interrupted(number);
}

}  // namespace sys
