// SPDX-License-Identifier: GPL-2.0
// Configuration: fragments on top of tinyconfig, and whether what they ask for was kept.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// A line of a fragment.
struct Option {
  std::string symbol;  // "CONFIG_XFS_FS"
  std::string value;   // "y", "512", "\"text\""; empty: "is not set"
  std::filesystem::path fragment;
  int line = 0;  // in the fragment, from 1

  std::string text() const;  // as .config has it
};

// The options of all fragments; when several set one symbol, only the last one. Throws Failure
// (build) with file and line for a line that is none.
std::vector<Option> readFragments(const std::vector<std::filesystem::path>& fragments);

// What `config`, the text of a finished .config, does not have as it was asked for; a sentence
// each: "common.config:43: CONFIG_DM_FLAKEY=y: is not set".
std::vector<std::string> lostOptions(const std::vector<Option>& wanted, std::string_view config);

}  // namespace runner
