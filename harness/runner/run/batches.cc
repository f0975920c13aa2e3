// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/batches.h"

#include <set>

#include "filesystems/registry.h"
#include "runner/results/filter.h"

namespace runner {
namespace {

// The kinds of batches, which are their requirements, that the filter leaves.
std::set<std::string> kindsLeft(const RunOptions& options, const std::vector<ListedCase>& batches) {
  const auto patterns = parseFilter(options.filter);
  const auto& names = options.filesystems.empty() ? filesystems::names() : options.filesystems;
  std::set<std::string> kinds;
  for (const std::string& name : names) {
    for (const PlannedCase& planned : planCases(batches, name, patterns, options.group)) {
      kinds.insert(planned.requirement);
    }
  }
  return kinds;
}

}  // namespace

std::vector<ListedCase> listBatches(RunOptions& options, const ListBatches& list) {
  Exploration& exploration = *options.exploration;
  std::vector<ListedCase> batches = list(exploration.text());
  if (options.filter.empty()) return batches;
  // The filter may name a batch that a kind has only if no other one runs.
  exploration.kinds = requirementsOf(batches).size();
  exploration.kinds_left = 1;
  const std::size_t left = kindsLeft(options, list(exploration.text())).size();
  exploration.kinds_left = left == 0 ? exploration.kinds : left;
  return list(exploration.text());
}

}  // namespace runner
