// SPDX-License-Identifier: GPL-2.0-only
// Result: what a system call under test answered, as a value.
#pragma once

#include <cerrno>
#include <ostream>

namespace sys {

// Turns a system call's return value and errno into one value that can be compared, printed and
// kept. The call under test never throws: its error is what a case asserts.
class Result {
 public:
  // Takes the return value of a system call; reads errno when that is negative.
  static Result ofCall(long value) { return value < 0 ? Result(-1, errno) : Result(value, 0); }
  // Takes the kernel's own convention, a value or a negated errno (io_uring completions).
  static Result ofKernel(long value) {
    return value < 0 ? Result(-1, static_cast<int>(-value)) : Result(value, 0);
  }
  static Result success(long value = 0) { return {value, 0}; }
  static Result failure(int error) { return {-1, error}; }

  bool ok() const { return error_ == 0; }
  int error() const { return error_; }   // an errno, 0 on success
  long value() const { return value_; }  // -1 on failure

  bool operator==(const Result&) const = default;

 private:
  Result(long value, int error) : value_(value), error_(error) {}

  long value_;
  int error_;
};

// Prints "success", "success (4096)" or "EIO (Input/output error)".
std::ostream& operator<<(std::ostream& out, const Result& result);

}  // namespace sys
