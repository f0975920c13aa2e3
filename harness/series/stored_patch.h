// SPDX-License-Identifier: GPL-2.0-only
// StoredPatch: a patch or a cover letter as patches/ keeps it: a mail without author and sign-off.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct StoredPatch {
  std::string prefix;   // what is in the brackets: "PATCH 6.1.y 2/4"
  std::string subject;  // on one line, without the brackets
  std::string message;  // paragraphs and trailers, up to the line "---" or the diffstat
  std::string diff;     // with its diffstat, from "---" on; empty for a cover letter

  // What the sender adds to the prefix: "6.1.y", "RFC". Empty for mainline.
  std::string extraPrefix() const;
};

// Throws Failure (build) for a text without a subject.
StoredPatch parsePatch(std::string_view text);
// The same for a file, which the failure names; the patch must have a diff.
StoredPatch readPatch(const std::filesystem::path& file);
// The same for the cover letter in the directory of a series.
StoredPatch readCover(const std::filesystem::path& directory);

// The series of other directories that a series builds on: what its file `needs` lists, usually
// none. Throws Failure (build) for one that does not exist.
std::vector<std::filesystem::path> neededBy(const std::filesystem::path& series);

}  // namespace runner
