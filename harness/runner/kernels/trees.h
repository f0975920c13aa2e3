// SPDX-License-Identifier: GPL-2.0-only
// Trees: the contents of kernel-overlay/trees.toml: the kernels, where each comes from, and its
// series.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/architecture.h"

namespace runner {

// A place in Debian's archive to look for the source.
struct Suite {
  std::string archive;  // "debian" or "debian-security"
  std::string name;     // "trixie-backports"
  std::string component = "main";
};

// The configuration fragments of the kernels of one architecture: files, later ones win.
struct Fragments {
  std::vector<std::filesystem::path> plain;  // for every kernel
  std::vector<std::filesystem::path> smp;    // additional, for several processors; often empty
  // Additional, by KernelRequest::lane.
  std::map<std::string, std::vector<std::filesystem::path>> lanes;
};

struct Tree {
  std::string name;     // "mainline", "6.12.y"
  std::string version;  // "7.3": its releases are 7.3 and 7.3.*
  std::vector<Suite> suites;
  // Debian's package with its own patched tree, for when the archive lists the pristine source but
  // does not have it: "linux-source-7.3". Empty: no fallback.
  std::string fallback;
  // For a distribution's own tree: the Debian package that contains it, "linux-source-6.1".
  std::string package;
  std::filesystem::path patches;              // directory with BASE and the series
  std::vector<std::filesystem::path> series;  // directories, in the order of application
  // Series that are applied only if they are named, after all others.
  std::vector<std::filesystem::path> drafts;
  // Series for upstream's own test suites, which are applied to no kernel that is judged here.
  std::vector<std::filesystem::path> tests;
  bool is_test = false;                     // its only series is one of these
  std::map<std::string, Fragments> config;  // by Architecture::name, for each known one
  std::vector<std::string> left_out;        // requirements of series that it does not have
  // Those of them that a draft is for, by its name: they apply once it is named.
  std::map<std::string, std::vector<std::string>> of_drafts;
  // Bytes of floating point state that its User-Mode Linux reserves; 0: adapts to the processor.
  std::size_t uml_floating_point_bytes = 0;

  // Whether it has a series of that name which is applied; drafts are once they are named.
  bool applies(std::string_view name) const;
  // Keeps only the series of these names, in the order of the tree; all but the drafts if `names`
  // is empty. Throws Failure (usage) for one that the tree does not have.
  void keepSeries(const std::vector<std::string>& names);
  // The same tree with one of its tests as its only series; nothing if it has none of that name.
  std::optional<Tree> withTest(const std::string& name) const;
  // Whether it is a distribution's own tree, which "all" does not include.
  bool distribution() const { return !package.empty(); }
  // The fragments of a kernel for that architecture, with debug checks, for several processors.
  // Throws Failure (usage) for debug if the tree has none.
  std::vector<std::filesystem::path> fragments(const architectures::Architecture& architecture,
                                               const std::string& lane, bool smp = false) const;
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
  std::string default_name;  // the tree to use if none is named

  const Tree* find(const std::string& name) const;
  // Throws Failure (usage) if there is none.
  const Tree& named(const std::string& name) const;
  const Tree& standard() const { return *find(default_name); }
  std::string names() const;                // "mainline, 6.12.y"
  std::vector<std::string> guards() const;  // those of all series
};

// Reads project/kernel-overlay/trees.toml; paths in the answer are absolute. Throws Failure (usage)
// with file and line for what cannot be parsed, is unknown, missing or of the wrong type.
Trees loadTrees(const std::filesystem::path& project);

// One of the trees that --tree of `run` and `explore` names: one, several separated by commas, or
// all of ours.
struct NamedTree {
  std::string name;   // of one of our trees, or the path of the user's own kernel, as typed
  std::string title;  // the name, or the file name of the path; unique
  bool own = false;   // a path
};

// True if the text may name more than one tree. A path that exists is always one.
bool namesSeveralTrees(const std::string& text);

// The trees, in their order, without duplicates; `all` is all of ours except those of
// distributions. Throws Failure (usage) for a name in a list that is empty or neither a tree nor a
// path; the name of a single tree is not checked.
std::vector<NamedTree> chooseTrees(const std::string& text, const Trees& trees);

}  // namespace runner
