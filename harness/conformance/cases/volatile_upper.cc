// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/cases/volatile_upper.h"

#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/kernel_log.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr const char* kRecord = "trusted.overlay.volatile";

void expectLineWith(KernelLog& log, const std::string& what, const std::string& why) {
  const auto lines = log.newLines();
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(),
                          [&](const std::string& line) {
                            return line.find(what) != std::string::npos &&
                                   line.find(why) != std::string::npos;
                          }))
      << "no line of the kernel log says: " << what << " ... " << why;
}

}  // namespace

bool VolatileUpper::isMounted(const std::string& options, CalledFrom) {
  const sys::Result result = mount(options);
  EXPECT_OK(result);
  return result.ok();
}

View VolatileUpper::begin() {
  sys::require(mount(), "mount", "a volatile overlay");
  return view();
}

void VolatileUpper::mountCycle(CalledFrom) {
  const View view = begin();
  EXPECT_OK(write(view.open("data")));
  end();
}

void VolatileUpper::isRefused(const char* why, const std::string& options, CalledFrom) {
  KernelLog log;
  const sys::Result result = mount(options);
  EXPECT_ERRNO(result, EINVAL) << "instead of: " << why;
  if (result.ok()) end();
  expectLineWith(log, "incompat feature 'volatile'", why);
}

void VolatileUpper::endsWithoutARecord(CalledFrom) {
  KernelLog log;
  end();
  expectLineWith(log, "failed to record the state of a volatile mount", layers_.upper);
}

bool VolatileUpper::isMarked() const {
  return ::access(marker().c_str(), F_OK) == 0;
}

sys::Result VolatileUpper::readRecord(std::string& record) const {
  record.assign(256, '\0');
  const sys::Result result =
      sys::Result::ofCall(::getxattr(marker().c_str(), kRecord, record.data(), record.size()));
  record.resize(result.ok() ? static_cast<std::size_t>(result.value()) : 0);
  return result;
}

void VolatileUpper::writeRecord(const std::string& record) const {
  sys::require(::setxattr(marker().c_str(), kRecord, record.data(), record.size(), 0), "setxattr",
               marker());
}

void VolatileUpper::removeRecord() const {
  sys::require(::removexattr(marker().c_str(), kRecord), "removexattr", marker());
}

void seeTheError(Subject& subject, CalledFrom) {
  EXPECT_ERRNO(subject.upper().open("data", O_RDONLY).syncfs(), EIO);
}

}  // namespace conformance
