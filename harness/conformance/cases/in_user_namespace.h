// SPDX-License-Identifier: GPL-2.0-only
// One more overlay, in a user namespace.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "conformance/case.h"
#include "conformance/needs.h"
#include "sys/user_namespace.h"

namespace conformance {

// Mounts it with these options, and judges it if that succeeds. Throws SetupError, and Skipped if
// the kernel has no user namespaces.
inline void inUserNamespace(Subject& subject, const std::string& options,
                            const std::function<void(const View&)>& judge,
                            CalledFrom = Line::current()) {
  const Layers layers = subject.layers.fresh();
  const std::string target = subject.layers.freshDirectory();
  std::optional<sys::UserNamespace> users;
  needUserNamespace(users);
  const sys::Result result =
      users->mount({"overlay", target, "overlay", layers.options + ',' + options});
  EXPECT_OK(result);
  if (result.ok()) judge(View(users->pathOf(target), layers.upper));
}

}  // namespace conformance
