// SPDX-License-Identifier: GPL-2.0
// What `run --tree` names: one tree, several with commas between them, or all of ours.
#pragma once

#include <string>
#include <vector>

#include "runner/kernels/trees.h"

namespace runner {

struct NamedTree {
  std::string name;   // of one of our trees, or the path of the user's own kernel, as it was typed
  std::string title;  // the name, or that of the path's file; no two have the same one
  bool own = false;   // a path
};

// True when the text may name more than one tree. A path that exists is one, whatever is in it.
bool namesSeveralTrees(const std::string& text);

// The trees, in their order, each once; `all` is every one of ours but those of distributions.
// Throws Failure (usage) for a name in a list that is empty or neither of a tree nor a path; that
// of a single tree is taken as it is.
std::vector<NamedTree> chooseTrees(const std::string& text, const Trees& trees);

}  // namespace runner
