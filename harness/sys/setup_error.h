// SPDX-License-Identifier: GPL-2.0-only
// SetupError: something that had to work before anything could be tested did not.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sys {

class SetupError : public std::runtime_error {
 public:
  // call: the system call or step; subject: the path, device or command that it was about; error:
  // an errno, 0 where there is none. what() reads "mount /dev/vda on /base: EINVAL (Invalid
  // argument)".
  SetupError(std::string_view call, std::string_view subject, int error);
  int error() const { return error_; }

 private:
  int error_;
};

class Result;

// Returns the value of a system call, or throws SetupError with the errno that it left.
long require(long value, std::string_view call, std::string_view subject);
// The same for a call whose answer is kept.
long require(const Result& result, std::string_view call, std::string_view subject);

}  // namespace sys
