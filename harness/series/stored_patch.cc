// SPDX-License-Identifier: GPL-2.0-only
#include "series/stored_patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "runner/base/cache.h"
#include "runner/base/failure.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// " fs/sync.c | 9 ++++++--"
bool isDiffstat(std::string_view line) {
  const auto bar = line.find(" | ");
  if (!line.starts_with(' ') || bar == std::string_view::npos) return false;
  const auto number = line.find_first_not_of(' ', bar + 3);
  return number != std::string_view::npos && line[number] >= '0' && line[number] <= '9' &&
         line.find_first_of("+-", number) != std::string_view::npos;
}

// Where the message ends: at the line of three dashes, or at the diffstat of a cover letter.
std::size_t endOfMessage(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line == "---" || isDiffstat(line)) return begin;
    begin = end + 1;
  }
  return text.size();
}

}  // namespace

std::string StoredPatch::extraPrefix() const {
  std::istringstream words(prefix);
  std::string extra;
  for (std::string word; words >> word;) {
    if (word == "PATCH" || word.find('/') != std::string::npos) continue;
    extra += (extra.empty() ? "" : " ") + word;
  }
  return extra;
}

StoredPatch parsePatch(std::string_view text) {
  constexpr std::string_view kSubject = "Subject: ";
  StoredPatch patch;
  const auto header_end = std::min(text.find("\n\n"), text.size());
  std::istringstream header{std::string(text.substr(0, header_end))};
  for (std::string line; std::getline(header, line);) {
    if (line.starts_with(kSubject)) {
      patch.subject = line.substr(kSubject.size());
    } else if (line.starts_with(' ') && !patch.subject.empty()) {
      patch.subject += line;  // a folded line
    }
  }
  if (patch.subject.empty()) throw Failure(ExitStatus::build, "a patch without a subject");
  if (const auto end = patch.subject.find("] ");
      patch.subject.starts_with('[') && end != std::string::npos) {
    patch.prefix = patch.subject.substr(1, end - 1);
    patch.subject.erase(0, end + 2);
  }
  const std::string_view body = text.substr(std::min(header_end + 2, text.size()));
  const auto end = endOfMessage(body);
  patch.message = body.substr(0, end);
  patch.message.erase(patch.message.find_last_not_of('\n') + 1);
  if (body.substr(end).starts_with("---\n")) patch.diff = body.substr(end);
  return patch;
}

StoredPatch readPatch(const fs::path& file) {
  try {
    StoredPatch patch = parsePatch(readFile(file));
    if (patch.diff.find("\n--- ") == std::string::npos) {
      throw Failure(ExitStatus::build, "a patch without a diff");
    }
    return patch;
  } catch (const Failure& failure) {
    throw Failure(failure.status(), fmt::format("{}: {}", file.string(), failure.what()));
  }
}

StoredPatch readCover(const fs::path& directory) {
  const fs::path file = directory / "0000-cover-letter.patch";
  try {
    return parsePatch(readFile(file));
  } catch (const Failure&) {
    throw Failure(ExitStatus::build,
                  fmt::format("{} is missing or has no subject: every series needs a cover letter",
                              file.string()));
  }
}

std::vector<fs::path> neededBy(const fs::path& series) {
  std::ifstream in(series / "needs");
  std::vector<fs::path> directories;
  for (std::string name; in >> name;) {
    const fs::path directory = series.parent_path() / name;
    std::error_code error;
    if (!fs::exists(directory / "series", error)) {
      throw Failure(ExitStatus::build, fmt::format("{} names {}, but there is no such series",
                                                   (series / "needs").string(), name));
    }
    directories.push_back(directory);
  }
  return directories;
}

}  // namespace runner
