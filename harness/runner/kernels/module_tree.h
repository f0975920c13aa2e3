// SPDX-License-Identifier: GPL-2.0-only
// ModuleTree: the modules of a kernel, as /lib/modules/V has them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"

struct kmod_ctx;

namespace runner {

// Runs depmod for root/lib/modules/RELEASE, in which modules that are compressed with gzip are
// decompressed first. Throws Failure (environment).
void runDepmod(const std::filesystem::path& root, const std::string& release);

// The release that the modules in a directory are for: "6.1.0-56-amd64"; empty if none says it.
std::string releaseOfModules(const std::filesystem::path& directory);

// The directory itself if depmod has run there and left what libkmod can read. Otherwise a
// directory in the cache that refers to it and in which depmod has run: nothing is written to a
// user's own. release: of the kernel. Throws Failure (environment).
std::filesystem::path withDependencies(const std::filesystem::path& directory,
                                       const std::string& release, const Cache& cache,
                                       Progress& progress);

class ModuleTree {
 public:
  // A directory that withDependencies() gave. Throws Failure (environment) if it cannot be read.
  explicit ModuleTree(const std::filesystem::path& directory);

  // Whether modules.builtin exists, which lists whatever could be a module but is built in.
  bool listsBuiltin() const { return lists_builtin_; }
  bool isBuiltin(const std::string& module) const;

  struct Load {
    std::filesystem::path file;
    bool soft = false;  // only a soft dependency of another
  };
  // The files to load for a module, in this order: what it depends on, also softly, and itself.
  // Empty if there is no such module.
  std::vector<Load> loadOrder(const std::string& module) const;

 private:
  struct Unreference {
    void operator()(kmod_ctx* context) const;
  };
  struct Soft {
    std::vector<std::string> before, after;
  };
  void add(const std::string& name, bool soft, std::set<std::string>& seen,
           std::vector<Load>& order) const;

  bool lists_builtin_ = false;
  std::set<std::string> builtin_;
  std::map<std::string, Soft> soft_;
  std::unique_ptr<kmod_ctx, Unreference> context_;
};

// Writes a module, which may be compressed (xz, gzip, zstd), uncompressed. Throws Failure
// (environment).
void decompressModule(const std::filesystem::path& module, const std::filesystem::path& into);

}  // namespace runner
