// SPDX-License-Identifier: GPL-2.0-only
#include "sys/failing_allocation.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
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

File opened() {
  if (!mountDebugfs()) throw SetupError("mount", kDebugfs, ENOENT);
  set("ignore-gfp-wait", "N");  // or else only those fail that do not wait for memory
  set("verbose", "0");          // a stack in the log would be a verdict
  return File(kFailNth, O_RDWR);
}

}  // namespace

// The file stays open: to open it would be an allocation, too.
FailingAllocation::FailingAllocation(int nth) : left_(opened()) {
  require(left_.pwrite(std::to_string(nth), 0), "write", kFailNth);
}

FailingAllocation::~FailingAllocation() {
  const Result result = left_.pwrite("0", 0);
  if (!result.ok()) std::cerr << "write " << kFailNth << ": " << result << '\n';
}

int FailingAllocation::left() const {
  std::string number(16, '\0');
  require(::pread(left_.descriptor(), number.data(), number.size(), 0), "read", kFailNth);
  return std::stoi(number);
}

}  // namespace sys
