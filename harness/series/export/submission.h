// SPDX-License-Identifier: GPL-2.0-only
// A series as a b4 branch in the sender's own git tree, and as the mails that it would send.
// Nothing here sends.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/progress.h"
#include "runner/kernels/trees.h"
#include "series/export/git_tree.h"

namespace runner {

struct Submission {
  std::string branch;               // "b4/ovl-a-syncfs"
  std::string base;                 // the parent of the first patch
  std::string signer;               // "Sam Doe <sam@example.org>"
  std::size_t patches = 0;          // without the cover letter
  std::vector<std::string> needed;  // series that the base lacked: plain commits below the branch
};

// Makes the branch for one series of a tree: cover letter, change-id and recipients by b4, which
// asks the kernel's get_maintainer.pl; a commit for each patch, written and signed off by the
// user's git identity. Series that it needs go below it, unless the base has them. The tree has
// passed requireOneSeries().
//
// base: a revision; empty: HEAD, unless that is a branch of b4. beside: a new directory for a
// second work tree to make the branch in, which is then checked out in `git`; the files in `git`
// are not touched before, and not at all on failure. Empty: the branch is made in `git` itself,
// which is a temporary tree. Either one is in a directory of this export's own, which also holds
// temporary files.
//
// adapts: the base may be of another release than the tree. Hunks that move or need fuzz are noted
// then, rather than accepted in silence or refused.
//
// Throws Failure: usage for a base that the patches do not apply to, for a branch that exists
// already, and what GitTree::identity() throws; environment if git or b4 fails.
Submission makeSubmission(const Tree& tree, const GitTree& git, const std::string& base,
                          const std::filesystem::path& beside, Progress& progress,
                          bool adapts = false);

// What an export requires before anything is made. Throws Failure: usage for a tree with more or
// less than one series, environment without b4.
void requireOneSeries(const Tree& tree);

}  // namespace runner
