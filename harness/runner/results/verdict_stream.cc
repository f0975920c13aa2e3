// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/verdict_stream.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "runner/results/verdict.h"

namespace runner {
namespace {

using nlohmann::json;

constexpr std::size_t kQuotedBytes = 120;

MalformedLine malformed(std::string_view line, std::string_view why) {
  std::string quoted(line.substr(0, kQuotedBytes));
  if (line.size() > kQuotedBytes) quoted += "...";
  return {std::string(why) + ": \"" + quoted + '"'};
}

// Rounds to milliseconds. Throws for less than 0 or more than a day.
std::chrono::milliseconds milliseconds(double value) {
  constexpr double kDay = 24.0 * 3600 * 1000;
  if (!(value >= 0 && value <= kDay)) throw std::invalid_argument("milliseconds out of range");
  return std::chrono::milliseconds(std::lround(value));
}

// The members that a start and a verdict share.
CaseId caseOf(const json& object) {
  const auto text = [&](const char* member) { return object.at(member).get<std::string>(); };
  return {text("case"), text("requirement"), text("filesystem"), text("subject")};
}

StartEvent startOf(const json& object) {
  return {caseOf(object), std::chrono::ceil<std::chrono::seconds>(
                              milliseconds(object.at("limit_seconds").get<double>() * 1000))};
}

VerdictEvent verdictOf(const json& object) {
  CaseResult result{caseOf(object)};
  const auto word = object.at("verdict").get<std::string>();
  const auto verdict = verdictNamed(word);
  if (!verdict || !isOfCase(*verdict)) {
    throw std::invalid_argument("\"" + word + "\" is not a verdict of a case");
  }
  result.verdict = *verdict;
  result.reason = object.value("reason", std::string());
  result.duration = milliseconds(object.value("milliseconds", 0.0));
  result.failures = object.value("failures", std::vector<std::string>());
  result.faults = object.value("faults", std::vector<std::string>());
  return {std::move(result)};
}

Event eventOf(const json& object) {
  const auto event = object.at("event").get<std::string>();
  if (event == "start") return startOf(object);
  if (event == "verdict") return verdictOf(object);
  if (event == "hello") {
    return HelloEvent{object.at("protocol").get<int>(), object.at("kernel").get<std::string>(),
                      object.at("cases").get<std::size_t>()};
  }
  if (event == "quirks") {
    return QuirksEvent{object.at("asked").get<std::vector<std::string>>(),
                       object.at("found").get<std::vector<std::string>>()};
  }
  if (event == "pairs") {
    return PairsEvent{{object.at("possible").get<std::size_t>(),
                       object.at("covered").get<std::size_t>(),
                       object.at("missing").get<std::vector<std::string>>()}};
  }
  if (event == "unable") {
    return UnableEvent{object.at("what").get<std::string>(),
                       object.value("scope", std::string()) == "filesystem"};
  }
  if (event == "note") return NoteEvent{object.at("what").get<std::string>()};
  if (event == "end") return EndEvent{object.at("verdicts").get<std::size_t>()};
  throw std::invalid_argument("unknown event \"" + event + "\"");
}

}  // namespace

Event parseEvent(std::string_view line) {
  try {
    const json object = json::parse(line.begin(), line.end(), nullptr, false);
    if (!object.is_object()) return malformed(line, "not a JSON object");
    return eventOf(object);
  } catch (const std::exception& problem) {
    return malformed(line, problem.what());
  }
}

}  // namespace runner
