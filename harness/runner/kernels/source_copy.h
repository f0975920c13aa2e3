// SPDX-License-Identifier: GPL-2.0-only
// A copy of a source directory of the user's own, which stays as it is.
#pragma once

#include <filesystem>
#include <string>

#include "runner/base/progress.h"

namespace runner {

struct SourceCopy {
  std::filesystem::path path;  // nothing may write to it
  std::string hash;            // SHA-256 over the names and contents of its files
};

// Makes directory/pristine a copy of what a build needs of `source`, or updates it: only files that
// have changed since the last call are read. They are copies rather than hard links, since an
// editor may write into a file in place; links out of the tree are followed (source_files.h). The
// patched trees beside it follow; the files' times are those of the copy. Throws what sourceFiles()
// throws, and Failure (environment) for a file that cannot be read and a full disk; the next call
// then carries on. The caller holds a lock for `directory`.
SourceCopy copySource(const std::filesystem::path& source, const std::filesystem::path& directory,
                      Progress& progress);

}  // namespace runner
