// SPDX-License-Identifier: GPL-2.0
#include "runner/results/case_list.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "runner/base/failure.h"
#include "runner/results/filter.h"
#include "sys/child_process.h"
#include "sys/interrupt.h"

namespace runner {

std::vector<ListedCase> parseCaseList(std::string_view text) try {
  const auto list = nlohmann::json::parse(text.begin(), text.end());
  std::vector<ListedCase> cases;
  for (const auto& entry : list) {
    cases.push_back(
        {entry.at("case").get<std::string>(), entry.at("requirement").get<std::string>(),
         entry.at("text").get<std::string>(), entry.at("subjects").get<std::vector<std::string>>(),
         entry.value("group", "quick")});
  }
  if (cases.empty()) throw std::runtime_error("it lists no case");
  return cases;
} catch (const nlohmann::json::exception& problem) {
  throw std::runtime_error(problem.what());
}

std::vector<ListedCase> listCases(const std::filesystem::path& guest) {
  std::string why;
  try {
    const sys::Output output = sys::runCommand({.arguments = {guest.string(), "--list"}});
    if (output.exit.ok()) return parseCaseList(output.text);
    why = output.text;
  } catch (const sys::Interrupted&) {
    throw;
  } catch (const std::runtime_error& problem) {
    why = problem.what();
  }
  throw Failure(ExitStatus::environment,
                fmt::format("the guest program {} does not list its cases: {}\nBuild it again: "
                            "remove the folder build/ of the checkout and run ./ovl-syncfs",
                            guest.string(), why));
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
    for (const std::string& subject : each.subjects) {
      PlannedCase candidate{each.name, each.requirement, filesystem, subject};
      if (matchesFilter(patterns, candidate.fullName())) planned.push_back(std::move(candidate));
    }
  }
  return planned;
}

}  // namespace runner
