// SPDX-License-Identifier: GPL-2.0
#include "runner/cost/cost_record.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "runner/base/failure.h"
#include "runner/run/machine_end.h"

namespace runner {
namespace {

CallCost costOf(const nlohmann::json& object) {
  CallCost cost;
  cost.call = object.at("call").get<std::string>();
  cost.subject = object.at("subject").get<std::string>();
  cost.instructions = object.at("instructions").get<std::uint64_t>();
  cost.repetitions = object.at("repetitions").get<std::size_t>();
  cost.equal = object.at("equal").get<std::size_t>();
  return cost;
}

}  // namespace

CostRecord::CostRecord(std::function<void(const CallCost&)> on_cost)
    : on_cost_(std::move(on_cost)) {
  limits_.boot = limits_.silence = std::chrono::minutes(2);
}

void CostRecord::line(std::string_view text) {
  try {
    const auto object = nlohmann::json::parse(text);
    const auto event = object.at("event").get<std::string>();
    if (event == "cost") {
      costs_.push_back(costOf(object));
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
    throw Failure(ExitStatus::environment,
                  fmt::format("the guest cannot measure: {}", fmt::join(unable_, "; ")));
  }
  if (outcome.kind != qemu::EndKind::finished) {
    throw failureOf(outcome, "the guest powered off before it had measured everything");
  }
  if (!malformed_.empty()) {
    throw Failure(ExitStatus::error,
                  fmt::format("the guest said what cannot be read: {}", malformed_));
  }
  if (costs_.empty()) throw Failure(ExitStatus::error, "the guest ended and had measured nothing");
  return costs_;
}

}  // namespace runner
