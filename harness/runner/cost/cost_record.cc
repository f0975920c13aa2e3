// SPDX-License-Identifier: GPL-2.0-only
#include "runner/cost/cost_record.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "runner/base/failure.h"
#include "runner/run/machine_end.h"

namespace runner {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CallCost, call, subject, instructions, repetitions, equal)

CostRecord::CostRecord(std::function<void(const CallCost&)> on_cost)
    : on_cost_(std::move(on_cost)) {
  limits_.boot = limits_.silence = std::chrono::minutes(2);
}

void CostRecord::line(std::string_view text) {
  try {
    const auto object = nlohmann::json::parse(text);
    const auto event = object.at("event").get<std::string>();
    if (event == "cost") {
      costs_.push_back(object.get<CallCost>());
      if (on_cost_) on_cost_(costs_.back());
    } else if (event == "unable") {
      unable_.push_back(object.at("what").get<std::string>());
    } else if (event == "end") {
      complete_ = true;
    }
  } catch (const nlohmann::json::exception& problem) {
    if (malformed_.empty()) malformed_ = fmt::format("{}: \"{}\"", problem.what(), text);
  }
}

std::vector<CallCost> CostRecord::judge(const qemu::Outcome& outcome) const {
  if (!unable_.empty()) {
    throw Failure(ExitStatus::error,
                  fmt::format("the kernel cannot be measured, because it lacks: {}",
                              fmt::join(unable_, "; ")));
  }
  if (outcome.kind != qemu::EndKind::finished) {
    throw failureOf(outcome, "the guest powered off before it measured everything");
  }
  if (!malformed_.empty()) {
    throw Failure(ExitStatus::error,
                  fmt::format("cannot parse a line from the guest: {}", malformed_));
  }
  if (costs_.empty())
    throw Failure(ExitStatus::error, "the guest ended without measuring anything");
  return costs_;
}

}  // namespace runner
