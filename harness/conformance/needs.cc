// SPDX-License-Identifier: GPL-2.0
#include "conformance/needs.h"

#include <cerrno>

#include "conformance/kernel_probe.h"
#include "conformance/peculiarities.h"
#include "conformance/skip.h"
#include "sys/setup_error.h"

namespace conformance {

void needKernel(int major, int minor, const std::string& what) {
  if (kernelIsAtLeast(major, minor)) return;
  skip(what + " needs Linux " + std::to_string(major) + '.' + std::to_string(minor));
}

void needTheDisksErrno(const Subject& subject) {
  const std::string why_not = whyNotTheDisksErrno(subject.filesystem());
  if (!why_not.empty()) skip(why_not);
}

void needABlockDevice(const Subject& subject) {
  if (syncsItsBlockDevice(subject.filesystem())) return;
  skip(subject.filesystem() + " does not name a block device that syncfs would write back");
}

void needRing(std::optional<sys::Ring>& ring) {
  // copy_thread() of User-Mode Linux 5.10 takes a worker of io_uring for a thread of the program,
  // and the guest never comes back from it.
  if (!kernelIsAtLeast(6, 1) && isUserModeLinux()) {
    skip("User-Mode Linux of this release cannot run io_uring's workers; QEMU can");
  }
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
