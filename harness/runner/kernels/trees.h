// SPDX-License-Identifier: GPL-2.0
// Trees: what kernel-overlay/trees.toml lists: where each kernel comes from and what goes on it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "architectures/architecture.h"

namespace runner {

// A place in Debian's archive to look for the source.
struct Suite {
  std::string archive;  // "debian" or "debian-security"
  std::string name;     // "trixie-backports"
  std::string component = "main";
};

// What the kernels of one architecture are configured with: files, later ones win.
struct Fragments {
  std::vector<std::filesystem::path> plain;  // of every one
  std::vector<std::filesystem::path> smp;    // more, for several processors; often every one can
  std::vector<std::filesystem::path>
      debug;  // more, for one that checks itself; empty: there is none
};

struct Tree {
  std::string name;     // "mainline", "6.12.y"
  std::string version;  // "7.3": its releases are 7.3 and 7.3.*
  std::vector<Suite> suites;
  // Debian's package with its own patched tree, for when the archive lists the pristine source and
  // does not hold it: "linux-source-7.3". Empty: there is no such way out.
  std::string fallback;
  // Of a distribution's own tree: Debian's package with it, "linux-source-6.1".
  std::string package;
  std::filesystem::path patches;              // directory with BASE and those of the series
  std::vector<std::filesystem::path> series;  // directories, in the order of application
  // Series that go to upstream's own suites and into no kernel that is judged here.
  std::vector<std::filesystem::path> tests;
  bool is_test = false;                     // its only series is one of these
  std::map<std::string, Fragments> config;  // by Architecture::name, for each that is known
  std::vector<std::string> left_out;        // requirements of series that it does not have
  // Bytes of floating point state that its User-Mode Linux has room for; 0: as much as the
  // processor has.
  std::size_t uml_floating_point_bytes = 0;

  // Leaves only the series of these names on it, in the order of the tree; all when there are none.
  // Throws Failure (usage) for one that the tree does not have.
  void keepSeries(const std::vector<std::string>& names);
  // The same tree with one of its tests as its only series; nothing when it has none of that name.
  std::optional<Tree> withTest(const std::string& name) const;
  // Whether it is what a distribution makes of a release: none of those that "all" means.
  bool distribution() const { return !package.empty(); }
  // Those of a kernel for that architecture, with debug checks, for several processors. Throws
  // Failure (usage) for debug where there are none.
  std::vector<std::filesystem::path> fragments(const architectures::Architecture& architecture,
                                               bool debug, bool smp = false) const;
};

// The requirements that a series is for, by id, in the order of their table.
struct SeriesEntry {
  std::string name;                 // of its directory: "a-syncfs"
  std::vector<std::string> proves;  // cases of each fail without it
  std::vector<std::string> guards;  // that hold without it as well
};

struct Trees {
  std::vector<Tree> all;
  std::vector<SeriesEntry> series;
  std::string default_name;  // of the tree that is meant when none is named

  const Tree* find(const std::string& name) const;
  // Throws Failure (usage) when there is none.
  const Tree& named(const std::string& name) const;
  const Tree& standard() const { return *find(default_name); }
  std::string names() const;                // "mainline, 6.12.y"
  std::vector<std::string> guards() const;  // those of all series
};

// Reads project/kernel-overlay/trees.toml; paths in the answer are absolute. Throws Failure (usage)
// with file and line for what cannot be parsed, is unknown, missing or of the wrong type.
Trees loadTrees(const std::filesystem::path& project);

// One of those that `run --tree` names: one tree, several with commas between them, or all of ours.
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
