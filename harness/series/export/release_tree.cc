// SPDX-License-Identifier: GPL-2.0
#include "series/export/release_tree.h"

#include <fmt/format.h>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/unpack.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// What is unpacked, and what git keeps of it.
constexpr std::uintmax_t kTreeBytes = 2500ULL << 20;

}  // namespace

GitTree makeReleaseTree(const Source& source, const fs::path& folder, Progress& progress) {
  requireSpace(folder.parent_path(), kTreeBytes, "a git tree of Linux " + source.release);
  progress.step("unpack linux " + source.release);
  unpackTarball(
      source.tarball, folder, [](std::string_view) { return true; }, progress);
  progress.step(fmt::format("commit linux {}", source.release));
  GitTree tree = GitTree::create(folder);
  // Whatever .gitignore says: git would otherwise leave out what a release has.
  tree.read({"add", "--all", "--force"});
  // With nothing left at work behind it, and as git is without anybody's configuration.
  tree.read({"config", "gc.auto", "0"});
  tree.read({"config", "maintenance.auto", "false"});
  tree.read({"-c", "core.hooksPath=/dev/null", "-c", "user.name=nobody", "-c",
             "user.email=nobody@localhost", "-c", "commit.gpgsign=false", "commit", "--quiet",
             "--no-verify", "-m", "Linux " + source.release});
  tree.read({"-c", "tag.gpgSign=false", "tag", "v" + source.release});
  return tree;
}

}  // namespace runner
