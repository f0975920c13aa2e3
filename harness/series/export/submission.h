// SPDX-License-Identifier: GPL-2.0
// A series as a branch that b4 manages in the sender's own git tree, and as the mails that it would
// send. Nothing here sends.
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
  std::string base;                 // the commit that the first patch goes on
  std::string signer;               // "Sam Doe <sam@example.org>"
  std::size_t patches = 0;          // without the cover letter
  std::vector<std::string> needed;  // series that the base lacked: plain commits below the branch
};

// Makes the branch for one series of a tree: cover letter, change-id and recipients by b4, which
// asks the kernel's get_maintainer.pl; a commit for each patch, written and signed off by whom git
// says the user is. Series that it needs go below it, unless the base has them. base: a revision;
// empty: what is checked out, unless that is a branch of b4. The tree has passed
// requireOneSeries(). Throws Failure: usage for a base that the patches do not apply to, for a
// branch that is there already, and what GitTree::identity() throws; environment when git or b4
// fails. beside: a directory that is not there yet, for a second work tree to make the branch in,
// which is then checked out in git; what lies there is not touched before, and not at all when it
// fails. Empty: it is made in git itself, which nobody needs after a failure. The one or the other
// lies in a directory of this export's own, where temporary files are put as well.
Submission makeSubmission(const Tree& tree, const GitTree& git, const std::string& base,
                          const std::filesystem::path& beside, Progress& progress);

// What an export wants before anything is made. Throws Failure: usage for a tree with more or less
// than one series, environment without b4.
void requireOneSeries(const Tree& tree);

}  // namespace runner
