// SPDX-License-Identifier: GPL-2.0-only
// UserNamespace: a process that only holds a user and a mount namespace of its own.
#pragma once

#include <sys/types.h>

#include <string>

#include "sys/descriptor.h"
#include "sys/mounting.h"
#include "sys/result.h"

namespace sys {

// Its root is root outside, but without any privilege outside of the namespaces. It starts with a
// copy of this process's mounts, and ends with its owner.
class UserNamespace {
 public:
  // Throws SetupError (EINVAL: the kernel has no user namespaces).
  UserNamespace();
  UserNamespace(const UserNamespace&) = delete;
  UserNamespace& operator=(const UserNamespace&) = delete;
  ~UserNamespace();

  // Mounts in the namespaces, as their root, without flags. The mount goes away with the namespace.
  [[nodiscard]] Result mount(const MountRequest& request);
  // Where this process sees a path of the namespaces.
  std::string pathOf(const std::string& path) const;
  // The user namespace itself, for an idmapped mount. Throws SetupError.
  Descriptor descriptor() const;

 private:
  void end() noexcept;

  pid_t pid_ = -1;
  Descriptor requests_;  // a socket to the process
};

// Mounts a directory a second time, with ids mapped as in that user namespace (mount_setattr,
// MOUNT_ATTR_IDMAP). Throws SetupError (EINVAL: its filesystem does not support that).
Mount idmappedMount(const std::string& source, const std::string& target,
                    const UserNamespace& users);

}  // namespace sys
