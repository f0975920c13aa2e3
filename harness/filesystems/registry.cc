// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/registry.h"

#include <algorithm>
#include <stdexcept>

namespace filesystems {

// One per file.
Filesystem ext4();
Filesystem xfs();
Filesystem btrfs();

namespace {

void addNames(const std::vector<Filesystem>& filesystems, std::vector<std::string>& names) {
  for (const Filesystem& filesystem : filesystems) names.push_back(filesystem.name);
}

const Filesystem* findIn(const std::vector<Filesystem>& filesystems, const std::string& name) {
  const auto found = std::ranges::find(filesystems, name, &Filesystem::name);
  return found == filesystems.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<Filesystem>& all() {
  static const std::vector<Filesystem> filesystems = {ext4(), xfs(), btrfs()};
  return filesystems;
}

const std::vector<std::string>& names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    addNames(all(), result);
    return result;
  }();
  return names;
}

const std::vector<std::string>& everyName() {
  static const std::vector<std::string> every = [] {
    std::vector<std::string> result = names();
    addNames(profiles(), result);
    return result;
  }();
  return every;
}

std::vector<Quirk> ownQuirks(const Filesystem& profile) {
  std::vector<Quirk> quirks = profile.quirks;
  const Filesystem* const base = findIn(all(), profile.base());
  if (base == nullptr) return quirks;
  std::erase_if(quirks, [&](const Quirk& quirk) {
    return std::ranges::find(base->quirks, quirk.id, &Quirk::id) != base->quirks.end();
  });
  return quirks;
}

std::vector<std::string> namesWithProfiles() {
  std::vector<std::string> result;
  for (const Filesystem& each : profiles()) {
    const std::string name = each.base();
    if (std::ranges::count(result, name) == 0) result.push_back(name);
  }
  return result;
}

bool isProfile(const std::string& name) {
  return findIn(profiles(), name) != nullptr;
}

const Filesystem* find(const std::string& name) {
  const Filesystem* found = findIn(all(), name);
  return found != nullptr ? found : findIn(profiles(), name);
}

const Filesystem& get(const std::string& name) {
  if (const Filesystem* found = find(name)) return *found;
  std::string known;
  for (const std::string& each : everyName()) known += (known.empty() ? "" : ", ") + each;
  throw std::out_of_range("unknown filesystem '" + name + "'; known: " + known);
}

}  // namespace filesystems
