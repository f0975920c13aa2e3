// SPDX-License-Identifier: GPL-2.0-only
#include "sys/open_file.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <iterator>

#include "sys/setup_error.h"

namespace sys {
namespace {

// A number that no descriptor has yet, for dup2() and dup3(), which would close that descriptor.
int unusedNumber() {
  return File("/", O_RDONLY | O_DIRECTORY).descriptor();
}

// In the order of Duplication.
struct {
  const char* name;
  int (*copy)(int);
} constexpr kCalls[] = {
    {"dup", [](int file) { return ::dup(file); }},
    {"dup2", [](int file) { return ::dup2(file, unusedNumber()); }},
    {"dup3", [](int file) { return ::dup3(file, unusedNumber(), O_CLOEXEC); }},
    {"fcntl", [](int file) { return ::fcntl(file, F_DUPFD_CLOEXEC, 0); }},
};
static_assert(std::size(kCalls) == kDuplications.size());

}  // namespace

File::File(const std::string& path, int flags, mode_t mode)
    : descriptor_(
          static_cast<int>(require(::open(path.c_str(), flags | O_CLOEXEC, mode), "open", path))) {}

Result File::fsync() const {
  return Result::ofCall(::fsync(descriptor()));
}

Result File::fdatasync() const {
  return Result::ofCall(::fdatasync(descriptor()));
}

Result File::syncfs() const {
  return Result::ofCall(::syncfs(descriptor()));
}

Result File::pwrite(std::string_view data, off_t offset) const {
  const ssize_t written = ::pwrite(descriptor(), data.data(), data.size(), offset);
  if (written < 0) return Result::failure(errno);
  mustBeAll(written, data.size());
  return Result::success();
}

void mustBeAll(long written, std::size_t wanted) {
  if (static_cast<std::size_t>(written) == wanted) return;
  throw SetupError("short write",
                   std::to_string(written) + " of " + std::to_string(wanted) + " bytes", 0);
}

File File::duplicate(Duplication by) const {
  const auto [call, copy] = kCalls[static_cast<std::size_t>(by)];
  return File(Descriptor(static_cast<int>(require(copy(descriptor()), call, "an open file"))));
}

std::string freshBytes(std::size_t count) {
  constexpr std::size_t kPeriod = 8;
  constexpr unsigned kLetters = 'z' - 'a' + 1;
  static std::atomic<std::uint64_t> calls = 0;
  std::string bytes;
  for (std::uint64_t rest = ++calls; bytes.size() != kPeriod; rest /= kLetters) {
    bytes += static_cast<char>('a' + rest % kLetters);
  }
  while (bytes.size() < count) bytes.append(bytes);
  bytes.resize(count);
  return bytes;
}

}  // namespace sys
