// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/mirrors.h"

#include <optional>
#include <string_view>

#include "runner/kernels/build_tools.h"

namespace runner {

Mirrors machineMirrors(const std::filesystem::path& apt_folder) {
  std::optional<std::string> debian, security;
  // 'http://deb.debian.org/debian/dists/trixie/InRelease' deb.debian.org_... 0
  const auto read = [&](std::string_view line) {
    const auto end = line.find("/dists/");
    if (!line.starts_with("'http://") && !line.starts_with("'https://")) return;
    if (end == std::string_view::npos) return;
    const std::string uri(line.substr(1, end - 1));
    if (uri.ends_with("/debian-security") || uri.ends_with("//security.debian.org")) {
      if (!security) security = uri;
    } else if (uri.ends_with("/debian")) {
      if (!debian) debian = uri;
    }
  };
  // apt knows its own formats best. This fetches nothing.
  if (hasTool("apt-get")) {
    runLines({{"apt-get", "update", "--print-uris", "-o",
               "Dir::Etc::SourceList=" + (apt_folder / "sources.list").string(), "-o",
               "Dir::Etc::SourceParts=" + (apt_folder / "sources.list.d").string()}},
             read);
  }
  const Mirrors standard;
  return {debian.value_or(standard.debian), security.value_or(standard.security)};
}

}  // namespace runner
