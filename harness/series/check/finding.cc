// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/finding.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "runner/base/failure.h"
#include "sys/glob.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// In the order of Check.
constexpr std::array<std::string_view, kChecks.size()> kNames = {
    "applies", "checkpatch", "built-in", "module", "off",
    "sparse",  "kernel-doc", "32-bit",   "suite"};

Failure unreadable(const fs::path& file, const toml::source_region& where, std::string_view what) {
  return {ExitStatus::build, fmt::format("{}:{}: {}", file.string(), where.begin.line, what)};
}

}  // namespace

std::string_view nameOf(Check check) {
  return kNames.at(static_cast<std::size_t>(check));
}

bool PatchFindings::clean() const {
  return std::ranges::all_of(findings, &Finding::clean);
}

bool Exception::isFor(Check of, std::string_view name) const {
  return check == nameOf(of) && sys::matchesGlob(patch, std::string(name));
}

std::vector<Exception> readExceptions(const fs::path& file) {
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    throw unreadable(file, error.source(), error.description());
  }
  std::vector<Exception> exceptions;
  const toml::array* list = root["exception"].as_array();
  if (list == nullptr) return exceptions;
  for (const toml::node& node : *list) {
    const toml::table* table = node.as_table();
    const auto word = [&](const char* key) {
      std::string value = table == nullptr ? "" : (*table)[key].value_or(std::string());
      if (!value.empty()) return value;
      throw unreadable(file, node.source(), fmt::format("an exception needs its {}", key));
    };
    exceptions.push_back({word("check"), word("patch"), word("says"), word("reason")});
  }
  return exceptions;
}

std::string nameOfPatch(const std::string& tree, const fs::path& patch) {
  return (fs::path(tree) / patch.parent_path().filename() / patch.filename()).string();
}

Finding findingOf(Check check, std::string_view patch, const std::vector<std::string>& complaints,
                  const std::vector<Exception>& exceptions) {
  Finding finding{.check = check};
  for (const std::string& complaint : complaints) {
    const auto found = std::ranges::find_if(exceptions, [&](const Exception& exception) {
      return exception.isFor(check, patch) && complaint.find(exception.says) != std::string::npos;
    });
    if (found == exceptions.end()) {
      finding.complaints.push_back(complaint);
    } else {
      finding.excused.push_back(fmt::format("{} ({})", complaint, found->reason));
    }
  }
  finding.clean = finding.complaints.empty();
  return finding;
}

}  // namespace runner
