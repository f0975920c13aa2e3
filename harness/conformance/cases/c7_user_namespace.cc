// SPDX-License-Identifier: GPL-2.0-only
// C7: in a user namespace an upper cannot be used again, with or without userxattr.
#include "conformance/case.h"
#include "conformance/cases/volatile_upper.h"

namespace conformance {
namespace {

// userxattr alone refuses it as well.
CASE(C7, InAUserNamespaceWithoutUserxattr, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const auto mount = [&] {
    return mountInUserNamespace(subject, upper.layers().options + ",volatile,index=off");
  };
  EXPECT_OK(mount());
  upper.isRefused(kUserNamespace, mount);
}

CASE(C7, AnAttemptThatIsRefusedChangesNothing, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  upper.isRefused(kUserNamespace, "volatile,userxattr");
  upper.isRefused(kUserNamespace, [&] {
    return mountInUserNamespace(subject, upper.layers().options + ",volatile,userxattr,index=off");
  });
  EXPECT_OK(upper.mount());
}

}  // namespace
}  // namespace conformance
