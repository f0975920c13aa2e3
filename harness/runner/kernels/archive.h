// SPDX-License-Identifier: GPL-2.0-only
// Archive: Debian's package archive through apt, with its own lists, cache and configuration.
//
// The host's apt is left alone; only its proxy and login settings are used. apt checks the
// signature of everything that it downloads.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runner/base/progress.h"
#include "runner/kernels/trees.h"

namespace runner {

// Where packages come from.
struct Mirrors {
  std::string debian = "http://deb.debian.org/debian";
  std::string security = "http://deb.debian.org/debian-security";

  bool operator==(const Mirrors&) const = default;
  const std::string& of(const std::string& archive) const {
    return archive == "debian-security" ? security : debian;
  }
};

// The mirrors in the host's apt sources, which may be the only ones it can reach; deb.debian.org
// where the sources name none or cannot be read.
Mirrors hostMirrors(const std::filesystem::path& apt_directory = "/etc/apt");

// A version is [epoch:]upstream[-revision]. "7.3.4-1~bpo13+1" -> "7.3.4".
std::string upstreamOf(std::string_view version);

// The order of deb-version(7): "7.3~rc7" < "7.3" < "7.3.4" < "7.3.10".
bool olderVersion(const std::string& left, const std::string& right);

// Whether an upstream version is a release or a candidate of a tree: "7.3", "7.3.4" and "7.3~rc7"
// belong to "7.3", "7.30" does not.
bool belongsTo(std::string_view upstream, std::string_view tree);

class Archive {
 public:
  static constexpr const char* kKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  enum class Package { source, binary };

  // directory: for apt's files, created if missing. binaries: list binary packages too.
  Archive(std::filesystem::path directory, const std::vector<Suite>& suites, Mirrors mirrors,
          bool binaries, std::filesystem::path keyring = kKeyring);

  // Fetches the lists of the suites. Throws Failure (environment) that names the cause: not
  // reachable, bad signature, no such suite, disk full.
  void update(Progress& progress);

  // The listed versions of a package, in no particular order.
  std::set<std::string> versions(Package kind, const std::string& name) const;

  // Downloads the upstream tarball of a source package, or a binary package, into a directory.
  // Returns nothing if the archive lists the file but does not have it (404). Throws Failure as
  // update() does.
  std::optional<std::filesystem::path> download(Package kind, const std::string& name,
                                                const std::string& version,
                                                const std::filesystem::path& into,
                                                Progress& progress) const;

 private:
  // Runs apt-get or apt-cache with this configuration; returns its output.
  struct Answer {
    bool ok = false;
    std::vector<std::string> lines;
  };
  Answer apt(std::vector<std::string> arguments, const std::filesystem::path& directory,
             Progress* progress) const;
  [[noreturn]] void fail(const std::string& doing, const Answer& answer) const;

  std::filesystem::path directory_;
  Mirrors mirrors_;
  std::filesystem::path keyring_;
};

}  // namespace runner
