// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/registry.h"

#include <stdexcept>

namespace filesystems {

// One per file.
Filesystem ext4();
Filesystem xfs();
Filesystem btrfs();

const std::vector<Filesystem>& all() {
  static const std::vector<Filesystem> filesystems = {ext4(), xfs(), btrfs()};
  return filesystems;
}

const std::vector<std::string>& names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const Filesystem& filesystem : all()) result.push_back(filesystem.name);
    return result;
  }();
  return names;
}

const Filesystem* find(const std::string& name) {
  for (const Filesystem& filesystem : all()) {
    if (filesystem.name == name) return &filesystem;
  }
  return nullptr;
}

const Filesystem& get(const std::string& name) {
  if (const Filesystem* found = find(name)) return *found;
  std::string known;
  for (const std::string& each : names()) known += (known.empty() ? "" : ", ") + each;
  throw std::out_of_range("unknown filesystem '" + name + "'; known: " + known);
}

}  // namespace filesystems
