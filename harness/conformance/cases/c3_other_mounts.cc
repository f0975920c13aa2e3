// SPDX-License-Identifier: GPL-2.0-only
// C3: a mount beside a volatile one counts, also if it is not volatile or shares only one of the
// two directories.
#include <sys/mount.h>

#include <string>

#include "conformance/case.h"
#include "conformance/cases/volatile_upper.h"

namespace conformance {
namespace {

// Without an index, which would refuse a directory that is in use.
constexpr const char* kNoIndex = "index=off";

sys::Result mountBoth(Subject& subject, const VolatileUpper& upper, const VolatileUpper& work) {
  return subject.beside.mountLayers(std::string(kNoIndex) + ",lowerdir=" + subject.layers.lower() +
                                    ",upperdir=" + upper.upper() + ",workdir=" + work.work());
}

// That has ended when the other mount begins, so only the directory shows that it is in use.
CASE(C3, AMountThatIsNotVolatileUsesTheUpper, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const VolatileUpper other(subject);
  upper.mountCycle();
  if (mounted(subject, mountBoth(subject, upper, other)) == nullptr) return;
  upper.isRefused(kInUse, kWithoutIndex);
}

// The subject itself is the volatile one. It owns the upper directory, so that is free as soon as
// it has gone.
CASE(C3, AMountThatIsNotVolatileStaysBehind, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject, subject.layers.own());
  VolatileUpper other = upper.withAnotherWork();
  if (!other.isMounted(kNoIndex)) return;
  subject.mount.unmountOverlay();
  upper.isRefused(kTwoMounts, kWithoutIndex);
  other.end();
  upper.isRefused(kTwoMounts);
}

// It may be made writable later.
CASE(C3, AReadOnlyMountUsesTheUpper, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject, subject.layers.own());
  VolatileUpper other = upper.withAnotherWork();
  EXPECT_OK(other.mount(kNoIndex, MS_RDONLY));
  subject.mount.unmountOverlay();
  other.end();
  upper.isRefused(kTwoMounts);
}

CASE(C3, AMountThatIsNotVolatileUsesTheWorkDirectory, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const VolatileUpper other(subject);
  const View* view = mounted(subject, mountBoth(subject, other, upper));
  if (view == nullptr) return;
  if (!upper.isMounted(kWithoutIndex)) return;
  upper.end();
  subject.beside.unmountLatest();
  upper.isRefused(kTwoMounts);
}

CASE(C3, AMountInAUserNamespaceUsesTheUpper, .subjects = kVolatileOnly) {
  for (const char* option :
       {",index=off", ",index=off,userxattr", ",index=off,userxattr,volatile"}) {
    SCOPED_TRACE(option);
    VolatileUpper upper(subject);
    upper.begin();
    EXPECT_OK(mountInUserNamespace(subject, upper.withAnotherWork().layers().options + option));
    upper.end();
    upper.isRefused(kTwoMounts);
  }
}

}  // namespace
}  // namespace conformance
