// SPDX-License-Identifier: GPL-2.0-only
// The user's own kernel: detects what a path holds by its content.
#pragma once

#include <filesystem>
#include <string>

#include "architectures/architecture.h"

namespace runner {

// True if the tree is a path given by the user rather than the name of one of our trees: it has a
// slash or the extension of a file ("linux-image.deb", which need not exist), or it exists.
bool isOwnKernel(const std::string& tree);

struct OwnKernel {
  enum class Kind { sourceDirectory, tarball, image, package };
  Kind kind = Kind::image;
  std::filesystem::path path;  // absolute
  // Of an image only:
  const architectures::Architecture* architecture = nullptr;
  std::string release = {};  // "7.3.4"; empty when the image doesn't say

  // Whether it is taken as it is, and nothing is built.
  bool isBuilt() const { return kind == Kind::image || kind == Kind::package; }
  std::string kindInWords() const;  // "an image"
};

// Accepts a directory with kernel source that was not built in place, a source tarball, an image of
// a known architecture, or a Debian or RPM package, whatever that contains. Throws Failure (usage)
// that says what the path looks like instead. subject: what messages name it; empty: the path.
OwnKernel recogniseKernel(const std::filesystem::path& path, const std::string& subject = {});

// The same for kernel source that is copied, so it may have been built in place. Throws Failure
// (usage) for an image or a package, too, which no series can be applied to.
OwnKernel recogniseSource(const std::filesystem::path& path);

// The first twelve digits of the commit that is checked out in a source directory; empty if it is
// not the top of a git work tree. "0123456789ab with uncommitted changes" if a file that git tracks
// has changed since. Writes nothing there.
std::string checkedOutCommit(const std::filesystem::path& directory);

}  // namespace runner
