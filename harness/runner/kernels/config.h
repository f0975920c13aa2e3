// SPDX-License-Identifier: GPL-2.0-only
// Configuration: fragments on top of tinyconfig, and which of their options did not survive.
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

// The options of all fragments; if several set the same symbol, the last one wins. Throws Failure
// (build) with file and line for a line that is not an option.
std::vector<Option> readFragments(const std::vector<std::filesystem::path>& fragments);

// The wanted options that `config`, the text of a finished .config, does not have; a message each:
// "common.config:43: CONFIG_DM_FLAKEY=y: is not set".
std::vector<std::string> lostOptions(const std::vector<Option>& wanted, std::string_view config);

}  // namespace runner
