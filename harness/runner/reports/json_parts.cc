// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/json_parts.h"

#include "runner/results/verdict.h"

namespace runner {

std::string written(const Json& object) {
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json jsonOf(const KernelIdentity& kernel) {
  return {{"tree", kernel.tree},          {"release", kernel.release},   {"source", kernel.source},
          {"series", kernel.series},      {"image", kernel.image},       {"image_key", kernel.key},
          {"config", kernel.config_hash}, {"compiler", kernel.compiler}, {"debug", kernel.debug}};
}

Json failureOf(const RunResults& results) {
  if (!results.failure) return nullptr;
  return {{"exit_status", static_cast<int>(results.failure->status)},
          {"what", results.failure->what},
          {"command", results.failure->command}};
}

Json countsOf(const RunResults& results) {
  Json counts = Json::object();
  for (const Verdict verdict : kWorstFirst) {
    std::size_t count = 0;
    for (const MachineResult& machine : results.machines) {
      for (const CaseResult& result : machine.cases) count += result.verdict == verdict ? 1 : 0;
    }
    counts[std::string(nameOf(verdict))] = count;
  }
  return counts;
}

}  // namespace runner
