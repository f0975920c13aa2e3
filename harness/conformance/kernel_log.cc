// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr const char* kLog = "/dev/kmsg";
constexpr std::size_t kLongestRecord = 8192;  // bytes; the kernel returns one record per read
constexpr int kLevels = 8;                    // a priority is a level and a facility

}  // namespace

KernelLog::KernelLog()
    : descriptor_(static_cast<int>(
          sys::require(::open(kLog, O_RDONLY | O_NONBLOCK | O_CLOEXEC), "open", kLog))) {
  sys::require(::lseek(descriptor_.get(), 0, SEEK_END), "lseek", kLog);
}

std::vector<std::string> KernelLog::newLines() {
  std::vector<std::string> lines;
  for (LogRecord& record : newRecords()) lines.push_back(std::move(record.text));
  return lines;
}

std::vector<LogRecord> KernelLog::newRecords() {
  std::vector<LogRecord> records;
  std::string record(kLongestRecord, '\0');
  for (;;) {
    const ssize_t length = ::read(descriptor_.get(), record.data(), record.size());
    if (length < 0 && (errno == EINTR || errno == EPIPE)) continue;  // EPIPE: lines were lost
    if (length <= 0) return records;
    // "priority,sequence,time,flags;text\n", and then lines that describe the device.
    const std::string line(record, 0, static_cast<std::size_t>(length));
    const std::size_t text = line.find(';') + 1;
    records.push_back(
        {std::atoi(line.c_str()) % kLevels, line.substr(text, line.find('\n') - text)});
  }
}

}  // namespace conformance
