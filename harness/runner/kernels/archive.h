// SPDX-License-Identifier: GPL-2.0
// Archive: Debian's package archive through apt, with lists, cache and configuration of its own.
//
// The machine's apt is left as it is; only what it says about proxies and logins is used. apt
// checks the signature of everything that comes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/progress.h"
#include "runner/kernels/mirrors.h"
#include "runner/kernels/trees.h"

namespace runner {

class Archive {
 public:
  static constexpr const char* kKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

  // folder: for apt's files, made here. binaries: whether binary packages are wanted too.
  Archive(std::filesystem::path folder, const std::vector<Suite>& suites, Mirrors mirrors,
          bool binaries, std::filesystem::path keyring = kKeyring);

  // Fetches the lists of the suites. Throws Failure (environment): not reachable, wrongly signed,
  // no such suite, disk full; each says so.
  void update(Progress& progress);

  // The versions of a package that the lists name, in no order.
  std::vector<std::string> sourceVersions(const std::string& package) const;
  std::vector<std::string> binaryVersions(const std::string& package) const;

  // Downloads the upstream tarball of a source package, or a binary package, into a folder. Nothing
  // when the archive lists the file and does not hold it (404). Throws Failure as update() does.
  std::optional<std::filesystem::path> downloadTarball(const std::string& package,
                                                       const std::string& version,
                                                       const std::filesystem::path& into,
                                                       Progress& progress) const;
  std::optional<std::filesystem::path> downloadBinary(const std::string& package,
                                                      const std::string& version,
                                                      const std::filesystem::path& into,
                                                      Progress& progress) const;

 private:
  std::vector<std::string> versions(const std::vector<std::string>& query) const;
  std::optional<std::filesystem::path> download(std::vector<std::string> arguments,
                                                const std::filesystem::path& into,
                                                Progress& progress) const;
  // Runs apt-get or apt-cache with this configuration; returns what it said.
  struct Answer {
    bool ok = false;
    std::vector<std::string> lines;
  };
  Answer apt(std::vector<std::string> arguments, const std::filesystem::path& directory,
             Progress* progress) const;
  [[noreturn]] void fail(const std::string& doing, const Answer& answer) const;

  std::filesystem::path folder_;
  Mirrors mirrors_;
  std::filesystem::path keyring_;
};

}  // namespace runner
