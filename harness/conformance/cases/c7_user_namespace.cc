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

}  // namespace
}  // namespace conformance
