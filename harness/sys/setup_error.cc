// SPDX-License-Identifier: GPL-2.0-only
#include "sys/setup_error.h"

#include <cerrno>
#include <sstream>

#include "sys/result.h"

namespace sys {
namespace {

std::string describe(std::string_view call, std::string_view subject, int error) {
  std::ostringstream text;
  text << call << ' ' << subject;
  if (error != 0) text << ": " << Result::failure(error);
  return text.str();
}

}  // namespace

SetupError::SetupError(std::string_view call, std::string_view subject, int error)
    : std::runtime_error(describe(call, subject, error)), error_(error) {}

long require(long value, std::string_view call, std::string_view subject) {
  if (value < 0) throw SetupError(call, subject, errno);
  return value;
}

long require(const Result& result, std::string_view call, std::string_view subject) {
  if (!result.ok()) throw SetupError(call, subject, result.error());
  return result.value();
}

}  // namespace sys
