// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/case_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "filesystems/registry.h"
#include "runner/base/failure.h"
#include "runner/results/filter.h"
#include "runner/results/json_text.h"
#include "sys/child_process.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

Json seriesOf(const Trees& trees) {
  Json list = Json::array();
  for (const SeriesEntry& entry : trees.series) {
    Json with = Json::array();
    for (const Tree& tree : trees.all) {
      if (tree.applies(entry.name)) with.push_back(tree.name);
    }
    list.push_back({{"series", entry.name},
                    {"proves", entry.proves},
                    {"guards", entry.guards},
                    {"trees", std::move(with)}});
  }
  return list;
}

// "6.12", or null where there is none.
Json jsonOf(const filesystems::Version& version) {
  if (version == filesystems::Version{}) return nullptr;
  return fmt::format("{}.{}", version.major, version.minor);
}

// filesystem: null for a quirk of the kernel outside of the filesystems.
void addQuirks(Json& list, const std::vector<filesystems::Quirk>& quirks, const Json& filesystem) {
  for (const filesystems::Quirk& quirk : quirks) {
    Json backported = Json::array();
    for (const filesystems::Version& version : quirk.backported) {
      backported.push_back(jsonOf(version));
    }
    list.push_back({{"id", quirk.id},
                    {"filesystem", filesystem},
                    {"what", quirk.what},
                    {"reason", quirk.reason},
                    {"skips", quirk.skips},
                    {"fails", quirk.fails},
                    {"config", quirk.config},
                    {"gone_in", jsonOf(quirk.gone_in)},
                    {"backported", std::move(backported)},
                    {"commit", quirk.commit},
                    {"in_the_suite", quirk.in_the_suite}});
  }
}

}  // namespace

std::vector<ListedCase> parseCaseList(std::string_view text) try {
  const auto list = nlohmann::json::parse(text.begin(), text.end());
  std::vector<ListedCase> cases;
  for (const auto& entry : list) {
    ListedCase& each = cases.emplace_back();
    entry.at("case").get_to(each.name);
    entry.at("requirement").get_to(each.requirement);
    entry.at("text").get_to(each.text);
    entry.at("subjects").get_to(each.subjects);
    each.group = entry.value("group", each.group);
    each.filesystems = entry.value("filesystems", each.filesystems);
  }
  if (cases.empty()) throw std::runtime_error("it lists no case");
  return cases;
} catch (const nlohmann::json::exception& problem) {
  throw std::runtime_error(problem.what());
}

std::vector<ListedCase> listCases(const std::filesystem::path& guest,
                                  const std::string& exploration) {
  std::string why;
  try {
    std::vector<std::string> command = {guest.string(), "--list"};
    if (!exploration.empty()) command.insert(command.end(), {"--explore", exploration});
    const sys::Output output = sys::runCommand({.arguments = command});
    if (output.exit.ok()) return parseCaseList(output.text);
    why = output.text;
  } catch (const sys::Interrupted&) {
    throw;
  } catch (const sys::SetupError& error) {
    // Building it again helps only if the program itself is at fault, not a limit of the host.
    if (error.error() != ENOENT && error.error() != EACCES && error.error() != ENOEXEC) throw;
    why = error.what();
  } catch (const std::runtime_error& problem) {
    why = problem.what();
  }
  throw Failure(ExitStatus::environment,
                fmt::format("the guest program {} does not list its cases: {}\nBuild it again: "
                            "remove the directory build/ of the checkout and run ./ovl-syncfs",
                            guest.string(), why));
}

std::string caseListJson(const std::vector<ListedCase>& cases, const Trees& trees,
                         const MkfsCommands& mkfs) {
  Json list = Json::array();
  std::vector<std::string> subjects;
  for (const ListedCase& each : cases) {
    list.push_back({{"case", each.name},
                    {"requirement", each.requirement},
                    {"text", each.text},
                    {"subjects", each.subjects}});
    subjects.insert(subjects.end(), each.subjects.begin(), each.subjects.end());
  }
  Json names = Json::array();
  for (const Tree& tree : trees.all) names.push_back(tree.name);
  Json quirks = Json::array();
  for (const filesystems::Filesystem& filesystem : filesystems::all()) {
    addQuirks(quirks, filesystem.quirks, filesystem.name);
  }
  Json profiles = Json::array();
  for (const filesystems::Filesystem& profile : filesystems::profiles()) {
    profiles.push_back(profile.name);
    addQuirks(quirks, filesystems::ownQuirks(profile), profile.name);
  }
  addQuirks(quirks, filesystems::kernelQuirks(), nullptr);
  const Json all = {{"format", kJsonFormat},
                    {"cases", std::move(list)},
                    {"requirements", requirementsOf(cases)},
                    {"subjects", distinct(subjects)},
                    {"filesystems", filesystems::names()},
                    {"profiles", std::move(profiles)},
                    {"mkfs", mkfs},
                    {"quirks", std::move(quirks)},
                    {"trees", std::move(names)},
                    {"series", seriesOf(trees)}};
  return textOf(all);
}

std::map<std::string, std::string> requirementsOf(const std::vector<ListedCase>& cases) {
  std::map<std::string, std::string> requirements;
  for (const ListedCase& each : cases) requirements.emplace(each.requirement, each.text);
  return requirements;
}

bool isInGroup(const ListedCase& listed, const std::string& group) {
  return group == "all" || group == listed.group;
}

std::vector<PlannedCase> planCases(const std::vector<ListedCase>& cases,
                                   const std::string& filesystem,
                                   const std::vector<std::string>& patterns,
                                   const std::string& group) {
  std::vector<PlannedCase> planned;
  for (const ListedCase& each : cases) {
    if (!isInGroup(each, group)) continue;
    const auto& only = each.filesystems;
    if (!only.empty() && std::ranges::count(only, filesystem) == 0) continue;
    for (const std::string& subject : each.subjects) {
      PlannedCase candidate{each.name, each.requirement, filesystem, subject};
      if (matchesFilter(patterns, candidate.fullName())) planned.push_back(std::move(candidate));
    }
  }
  return planned;
}

}  // namespace runner
