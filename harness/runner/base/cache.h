// SPDX-License-Identifier: GPL-2.0-only
// The cache: everything that can be regenerated, below $XDG_CACHE_HOME/ovl-syncfs.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sys/descriptor.h"

namespace runner {

// A lock on one name in the cache, held for the lifetime of this object. Waits for other runs; an
// interruption ends the wait.
class CacheLock {
 public:
  CacheLock(const std::filesystem::path& file, const std::function<void()>& on_wait);
  // Without waiting; nothing if another run holds it.
  static std::optional<CacheLock> tryOpen(const std::filesystem::path& file);

 private:
  explicit CacheLock(const std::filesystem::path& file);

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
  // Without waiting; nothing if another run holds it.
  std::optional<CacheLock> tryLock(std::string_view name) const;

 private:
  std::filesystem::path lockFile(std::string_view name) const;

  std::filesystem::path root_;
};

// Lower-case hexadecimal SHA-256 of a text or of a file's content.
std::string hashOfText(std::string_view text);
std::string hashOfFile(const std::filesystem::path& file);

// The contents of a file; empty if it cannot be read.
std::string readFile(const std::filesystem::path& file);

// A scratch directory below `parent`, removed with its contents by the destructor. It stays locked
// until then, which tells a leftover of a killed run from a directory in use. Whatever is to stay
// is renamed out of it.
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

// Removes the TemporaryDirectories directly below `parent` that killed runs left behind.
void removeLeftovers(const std::filesystem::path& parent);

// Whether a TemporaryDirectory directly below `parent` has an owner; those of killed runs are
// removed.
bool isInUse(const std::filesystem::path& parent);

// Removes the siblings of a file or directory whose names start with `beginning`, except hidden
// ones. Throws Failure (environment) for the first that cannot be removed.
void removeBeside(const std::filesystem::path& kept, std::string_view beginning = "");

// Creates a file in the cache atomically: `make` writes to a path in a TemporaryDirectory beside
// it; the file is synced and renamed if `make` returns, removed if it throws.
void makeFileAtomically(const std::filesystem::path& file,
                        const std::function<void(const std::filesystem::path&)>& make);

// The same for a text. Throws Failure (environment) that names the file when it cannot be written.
void writeFileAtomically(const std::filesystem::path& file, std::string_view text);

}  // namespace runner
