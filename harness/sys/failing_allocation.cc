// SPDX-License-Identifier: GPL-2.0-only
#include "sys/failing_allocation.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <iostream>
#include <string>
#include <string_view>

#include "sys/debugfs.h"
#include "sys/result.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr const char* kFailNth = "/proc/thread-self/fail-nth";

void set(const std::string& name, std::string_view value) {
  const std::string path = std::string(kDebugfs) + "/failslab/" + name;
  const File file(path, O_WRONLY);
  require(::write(file.descriptor(), value.data(), value.size()), "write", path);
}

bool setUp() {
  if (!mountDebugfs()) throw SetupError("mount", kDebugfs, ENOENT);
  set("ignore-gfp-wait", "N");  // or else only those fail that do not wait for memory
  set("verbose", "0");          // or else each has a stack in the log
  return true;
}

File opened() {
  [[maybe_unused]] static const bool once = setUp();
  return File(kFailNth, O_RDWR);
}

}  // namespace

// The file stays open: to open it would be an allocation, too.
FailingAllocation::FailingAllocation(int nth) : left_(opened()) {
  require(left_.pwrite(std::to_string(nth), 0), "write", kFailNth);
}

FailingAllocation::~FailingAllocation() {
  if (::pwrite(left_.descriptor(), "0", 1, 0) != 1) {
    std::cerr << "write " << kFailNth << ": " << Result::ofCall(-1) << '\n';
  }
}

int FailingAllocation::left() const {
  std::array<char, 16> digits{};
  const long count = ::pread(left_.descriptor(), digits.data(), digits.size(), 0);
  // With CONFIG_FAULT_INJECTION_USERCOPY it is the read itself that fails.
  if (count < 0 && errno == EFAULT) return 1;
  require(count, "read", kFailNth);
  int number = 0;
  std::from_chars(digits.data(), digits.data() + count, number);
  return number;
}

}  // namespace sys
