// SPDX-License-Identifier: GPL-2.0
#include "series/check/exceptions.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "runner/base/failure.h"
#include "sys/glob.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

Failure unreadable(const fs::path& file, const toml::source_region& where, std::string_view what) {
  return {ExitStatus::build, fmt::format("{}:{}: {}", file.string(), where.begin.line, what)};
}

}  // namespace

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
    Exception exception;
    const std::pair<const char*, std::string*> keys[] = {{"check", &exception.check},
                                                         {"patch", &exception.patch},
                                                         {"says", &exception.says},
                                                         {"reason", &exception.reason}};
    for (const auto& [key, value] : keys) {
      *value = table == nullptr ? "" : (*table)[key].value_or(std::string());
      if (value->empty()) {
        throw unreadable(file, node.source(), fmt::format("an exception has to say its {}", key));
      }
    }
    exceptions.push_back(std::move(exception));
  }
  return exceptions;
}

std::string nameOfPatch(const std::string& tree, const std::filesystem::path& patch) {
  return (std::filesystem::path(tree) / patch.parent_path().filename() / patch.filename()).string();
}

Finding findingOf(Check check, std::string_view patch, const std::vector<std::string>& complaints,
                  const std::vector<Exception>& exceptions) {
  Finding finding;
  finding.check = check;
  for (const std::string& complaint : complaints) {
    const auto found =
        std::find_if(exceptions.begin(), exceptions.end(), [&](const Exception& exception) {
          return exception.isFor(check, patch) &&
                 complaint.find(exception.says) != std::string::npos;
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
