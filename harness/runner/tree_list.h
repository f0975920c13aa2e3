// SPDX-License-Identifier: GPL-2.0
// What `run --tree` names: one tree, several with commas between them, or all of ours.
#pragma once

#include <string>
#include <vector>

#include "runner/kernel/trees.h"

namespace runner {

struct NamedTree {
  std::string name;   // of one of our trees, or the path of the user's own kernel, as it was typed
  std::string title;  // the name, or that of the path's file; no two have the same one
};

// True when the text may name more than one tree. A path that exists is one, whatever is in it.
bool namesSeveralTrees(const std::string& text);

// The trees, in their order, each once; `all` is every one of ours but those of distributions. Of a
// list every name is looked at: throws Failure (usage) for one that is empty, that is no tree, or
// whose path is no kernel. The name of a single tree is taken as it is.
std::vector<NamedTree> chooseTrees(const std::string& text, const Trees& trees);

}  // namespace runner
