// SPDX-License-Identifier: GPL-2.0-only
// A Debian archive on disk, signed with its own key, for tests without a network.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/kernels/archive.h"
#include "tests/support/scratch_directory.h"

namespace runner {

// A key pair, generated once per process because that takes a while.
class SigningKey {
 public:
  static const SigningKey& shared();
  // expires: with "1d", the key has expired according to the keyring, but its owner extended it.
  explicit SigningKey(const std::string& expires = "never");
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  std::filesystem::path keyring() const { return scratch_ / "key.gpg"; }
  void sign(const std::filesystem::path& text, const std::filesystem::path& to) const;

 private:
  std::string gpg(std::vector<std::string> arguments) const;
  ScratchDirectory scratch_;
};

// Holds source packages `linux` and binary packages linux-source-X.Y in the suite "test".
class FakeArchive {
 public:
  // apt copies files from here as it would from a mirror.
  Mirrors mirrors() const;
  // A source package whose tarball has these files in its top directory. held: whether the tarball
  // is in the pool; otherwise it is only in the lists.
  void addSource(const std::string& version, const std::filesystem::path& directory,
                 bool held = true);
  // A binary package `name` with a tarball of the directory in it.
  void addBinary(const std::string& name, const std::string& version,
                 const std::filesystem::path& directory);
  // Writes the lists, signed with that key.
  void publish(const SigningKey& key = SigningKey::shared());

  std::filesystem::path root() const { return scratch_ / "debian"; }

 private:
  ScratchDirectory scratch_;
  std::string sources_, packages_;
};

}  // namespace runner
