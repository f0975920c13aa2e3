// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/matrix_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "runner/reports/json_parts.h"
#include "runner/reports/summary.h"
#include "runner/results/exit_status.h"
#include "runner/results/outcomes.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

Json jsonOf(const MatrixResults::Tree& tree) {
  const RunResults& results = tree.results;
  Json kernels = Json::array();
  for (const KernelIdentity& kernel : results.kernels) kernels.push_back(runner::jsonOf(kernel));
  const bool known = !results.kernels.empty();
  const bool ran = !results.machines.empty();
  // With two kernels the second one has the series.
  return {{"tree", tree.title},
          {"release", known ? Json(results.kernels.back().release) : Json()},
          {"source", known ? Json(results.kernels.back().source) : Json()},
          {"series", known ? Json(results.kernels.back().series) : Json()},
          {"machine", ran ? Json(machinesInWords(results)) : Json()},
          {"exit_status", static_cast<int>(judge(results))},
          {"failure", failureOf(results)},
          {"counts", countsOf(results)},
          {"notes", results.notes},
          {"kernels", std::move(kernels)}};
}

template <typename Value>
Json orNull(const std::optional<Value>& value) {
  return value ? Json(nameOf(*value)) : Json();
}

Json jsonOf(const CaseOutcome& each, const std::string& title) {
  return {{"case", each.name},
          {"requirement", each.requirement},
          {"tree", title},
          {"filesystem", each.filesystem},
          {"subject", each.subject},
          {"off", orNull(each.outcome.off)},
          {"on", orNull(each.outcome.on)},
          {"proof", orNull(each.outcome.proof)}};
}

}  // namespace

std::string json(const MatrixResults& matrix) {
  Json trees = Json::array();
  Json cases = Json::array();
  for (const MatrixResults::Tree& tree : matrix.trees) {
    trees.push_back(jsonOf(tree));
    for (const CaseOutcome& each : outcomesOf(tree.results)) {
      cases.push_back(jsonOf(each, tree.title));
    }
  }
  return written({{"format", kJsonFormat},
                  {"version", matrix.version},
                  {"exit_status", static_cast<int>(judge(matrix))},
                  {"interrupted", matrix.interrupted},
                  {"total_milliseconds", matrix.total.count()},
                  {"trees", std::move(trees)},
                  {"cases", std::move(cases)}});
}

}  // namespace runner
