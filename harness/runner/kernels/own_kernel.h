// SPDX-License-Identifier: GPL-2.0
// The user's own kernel: what the path that was named holds, told by its content.
#pragma once

#include <filesystem>
#include <string>

#include "architectures/architecture.h"

namespace runner {

// True when the tree is a path of the user's, no name of ours.
bool isOwnKernel(const std::string& tree);

struct OwnKernel {
  enum class Kind { sourceDirectory, tarball, image };
  Kind kind = Kind::image;
  std::filesystem::path path;  // absolute
  // Of an image only:
  const architectures::Architecture* architecture = nullptr;
  std::string release = {};  // "7.3.4"; empty when the image doesn't say
};

// Throws Failure (usage) that says what the path looks like when it is none of these: a directory
// with kernel source that was not built in place, a source tarball, or an image of an architecture
// that is known.
OwnKernel recogniseKernel(const std::filesystem::path& path);

// The first twelve digits of the commit that is checked out in a source directory; empty when it is
// not git's, or in the middle of a work tree. Says nothing of changes that are not committed.
std::string checkedOutCommit(const std::filesystem::path& directory);

}  // namespace runner
