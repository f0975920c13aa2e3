// SPDX-License-Identifier: GPL-2.0
#include "conformance/needs.h"

#include <cerrno>

#include "conformance/kernel_probe.h"
#include "conformance/peculiarities.h"
#include "sys/setup_error.h"

namespace conformance {

void needKernel(int major, int minor, const std::string& what) {
  if (kernelIsAtLeast(major, minor)) return;
  skip(what + " needs Linux " + std::to_string(major) + '.' + std::to_string(minor));
}

void needTheDisksErrno(const Subject& subject) {
  if (recordsTheDisksErrno(subject.filesystem())) return;
  skip(subject.filesystem() + " records EIO beside what its disk says, in no certain order");
}

void needABlockDevice(const Subject& subject) {
  if (syncsItsBlockDevice(subject.filesystem())) return;
  skip(subject.filesystem() + " does not name a block device that syncfs would write back");
}

void needRing(std::optional<sys::Ring>& ring) {
  try {
    ring.emplace();
  } catch (const sys::SetupError& error) {
    if (error.error() != ENOSYS) throw;
    skip("the kernel has no io_uring (CONFIG_IO_URING)");
  }
}

void needUserNamespace(std::optional<sys::UserNamespace>& users) {
  try {
    users.emplace();
  } catch (const sys::SetupError& error) {
    if (error.error() != EINVAL) throw;
    skip("the kernel has no user namespaces (CONFIG_USER_NS)");
  }
}

}  // namespace conformance
