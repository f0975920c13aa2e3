// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/needs.h"

#include <cerrno>
#include <map>
#include <string>

#include "conformance/calls.h"
#include "conformance/quirks.h"
#include "conformance/skip.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// Makes the thing. Returns why the kernel has none, by errno; empty if it has. Throws SetupError
// for any other error.
template <typename Thing, typename... Arguments>
std::string whyMissing(std::optional<Thing>& thing, const std::map<int, std::string>& reasons,
                       const Arguments&... arguments) {
  try {
    thing.emplace(arguments...);
  } catch (const sys::SetupError& error) {
    const auto reason = reasons.find(error.error());
    if (reason == reasons.end()) throw;
    return reason->second;
  }
  return "";
}

void skipIf(const std::string& reason) {
  if (!reason.empty()) skip(reason);
}

}  // namespace

// Tries the option on an overlay without an upper layer, which writes nothing.
bool hasFsyncOption(Subject& subject) {
  const std::string layers =
      "lowerdir=" + subject.layers.freshDirectory() + ':' + subject.layers.freshDirectory();
  const sys::Result mounted = subject.beside.mountLayers(layers + ",fsync=auto");
  if (mounted == sys::Result::failure(EINVAL)) return false;
  if (!mounted.ok()) throw sys::SetupError("mount", "an overlay with fsync=", mounted.error());
  subject.beside.unmountLatest();
  return true;
}

void needFsyncOption(Subject& subject) {
  if (hasFsyncOption(subject)) return;
  skipFor(filesystems::kernelQuirks(), filesystems::quirk::no_fsync_option);
}

std::string failstopOption(const filesystems::Filesystem& filesystem) {
  return hasQuirk(filesystem, filesystems::quirk::no_failstop_option) ? "volatile" : kFailstop;
}

void needAcls(const Subject& subject) {
  const sys::Result set = sys::Result::ofCall(setAclOnce(subject.open("other").descriptor()));
  if (set.error() == EOPNOTSUPP) skipWithoutAcls(subject.filesystem());
  sys::require(set, "fsetxattr", kAcl);
}

void skipWithoutAcls(const filesystems::Filesystem& filesystem) {
  skip("the kernel has no ACLs on " + filesystem.name + " (" + filesystem.acl_config + ")");
}

void needRing(std::optional<sys::Ring>& ring) {
  // The guest would hang in a case that the quirk does not list.
  if (hangsWithIoUringWorkers()) {
    skipFor(filesystems::kernelQuirks(), filesystems::quirk::no_io_uring_workers);
  }
  skipIf(whyMissing(ring, {{ENOSYS, "the kernel has no io_uring (CONFIG_IO_URING)"},
                           {EPERM, "io_uring is disabled (kernel.io_uring_disabled)"}}));
}

void needAio(std::optional<sys::Aio>& aio) {
  skipIf(whyMissing(aio, {{ENOSYS, "the kernel has no Linux AIO (CONFIG_AIO)"}}));
}

void needLoopDevice(std::optional<sys::LoopDevice>& device, const sys::File& file) {
  skipIf(
      whyMissing(device, {{ENOENT, "the kernel has no loop devices (CONFIG_BLK_DEV_LOOP)"}}, file));
}

void needListener(std::optional<sys::OpenedWhenClosed>& listener, const std::string& path) {
  skipIf(whyMissing(listener, {{ENOSYS, "the kernel has no fanotify (CONFIG_FANOTIFY)"}}, path));
}

void needFailingAllocation(std::optional<sys::FailingAllocation>& allocation, int nth) {
  skipIf(whyMissing(allocation,
                    {{ENOENT,
                      "the kernel cannot let an allocation fail (CONFIG_FAILSLAB, "
                      "CONFIG_FAULT_INJECTION_DEBUG_FS)"},
                     {EPERM, "the kernel is locked down, so that no allocation can fail"}},
                    nth));
}

std::string whyNoUserNamespace(std::optional<sys::UserNamespace>& users) {
  return whyMissing(users, {{EINVAL, "the kernel has no user namespaces (CONFIG_USER_NS)"},
                            {ENOSPC,
                             "user namespaces are disabled (user.max_user_namespaces or "
                             "user.max_mnt_namespaces is 0)"},
                            {EPERM,
                             "user namespaces are forbidden here, by a sysctl or a security "
                             "module"}});
}

void needUserNamespace(std::optional<sys::UserNamespace>& users) {
  skipIf(whyNoUserNamespace(users));
}

}  // namespace conformance
