// SPDX-License-Identifier: GPL-2.0
// Mirrors: where the host gets Debian's packages from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

struct Mirrors {
  std::string debian = "http://deb.debian.org/debian";
  std::string security = "http://deb.debian.org/debian-security";

  bool operator==(const Mirrors&) const = default;
  const std::string& of(const std::string& archive) const {
    return archive == "debian-security" ? security : debian;
  }
};

// The mirrors that apt's sources on the host name, which may be all that it can reach; what they
// don't name, or all when they cannot be read, is deb.debian.org.
Mirrors machineMirrors(const std::filesystem::path& apt_folder = "/etc/apt");

}  // namespace runner
