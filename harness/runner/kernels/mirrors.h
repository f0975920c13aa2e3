// SPDX-License-Identifier: GPL-2.0
// Mirrors: where this machine gets Debian's packages from.
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

// The mirrors that the machine's apt sources name (one-line and deb822 format, also in
// sources.list.d), which may be all that it can reach; what they don't name is deb.debian.org.
Mirrors machineMirrors(const std::filesystem::path& apt_folder = "/etc/apt");

}  // namespace runner
