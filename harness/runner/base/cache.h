// SPDX-License-Identifier: GPL-2.0
// The cache: everything that can be made again, below $XDG_CACHE_HOME/ovl-syncfs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "sys/descriptor.h"

namespace runner {

// A lock on one name in the cache, held until the owner goes; waits for other runs, and can be
// interrupted while it does.
class CacheLock {
 public:
  CacheLock(const std::filesystem::path& file, const std::function<void()>& on_wait);

 private:
  sys::Descriptor file_;
};

class Cache {
 public:
  // $XDG_CACHE_HOME/ovl-syncfs, or ~/.cache/ovl-syncfs. Throws Failure (environment) when neither
  // is set or the directory can't be made or written.
  static Cache open();
  explicit Cache(std::filesystem::path root);

  const std::filesystem::path& root() const { return root_; }
  // root/name, made if it is missing.
  std::filesystem::path directory(std::string_view name) const;
  // Keeps other runs from making the same entry at the same time; on_wait is called once when
  // somebody else holds it.
  CacheLock lock(std::string_view name, const std::function<void()>& on_wait = {}) const;

 private:
  std::filesystem::path root_;
};

// Lower-case hexadecimal SHA-256 of a text or of a file's content.
std::string hashOfText(std::string_view text);
std::string hashOfFile(const std::filesystem::path& file);

// All bytes of a file; nothing for one that cannot be read.
std::string readFile(const std::filesystem::path& file);

// A directory to make something in, below `parent`, removed with all that is in it by the
// destructor. It is locked as long as its owner lives, so that one left by a killed run can be told
// from one in use. Whatever is to stay is renamed out of it.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::filesystem::path& parent);
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  sys::Descriptor lock_;
};

// Removes what killed runs left of their TemporaryDirectories directly below `parent`.
void removeLeftovers(const std::filesystem::path& parent);

// Removes what is beside a file or directory and has a name that begins like that, but nothing
// hidden. Throws Failure (environment) for the first that cannot be removed.
void removeBeside(const std::filesystem::path& kept, std::string_view beginning = "");

// Makes a file in the cache so that readers see all of it or nothing: `make` gets a name in a
// TemporaryDirectory beside it; the file is synced and renamed when it returns, removed when it
// throws.
void makeFileAtomically(const std::filesystem::path& file,
                        const std::function<void(const std::filesystem::path&)>& make);

// The same for a text. Throws Failure (environment) that names the file when it cannot be written.
void writeFileAtomically(const std::filesystem::path& file, std::string_view text);

}  // namespace runner
