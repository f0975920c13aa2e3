// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

namespace runner {

// Exactly which kernel was judged, so that anyone can reproduce it.
struct KernelIdentity {
  std::string tree;     // "mainline", or the path that the user named
  std::string release;  // "7.3.4"
  std::string source;   // "linux 7.3.4-1~bpo13+1, pristine", or a path
  std::string series;   // "a-syncfs (3 patches)", "off", "not ours"
  std::string base;     // the release that the series was made on: "7.3.4"; empty without a series
  std::vector<std::string> fuzzy;  // hunks of the series that applied with fuzz
  std::vector<std::string> moved;  // that fit at another line; only on source of the user's own
  std::string image;               // path
  std::string key;                 // of the image in the cache; empty for the user's own
  std::string config_hash, compiler;
  std::string lane;  // "debug", "distro", or empty: what is added to the configuration

  // ", debug" or nothing, for a title.
  std::string laneInWords() const { return lane.empty() ? "" : ", " + lane; }
};

// How the series applies to a release other than its base; empty for its base and without a series.
std::string driftInWords(const KernelIdentity& kernel);

}  // namespace runner
