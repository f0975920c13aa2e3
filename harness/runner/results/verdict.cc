// SPDX-License-Identifier: GPL-2.0
#include "runner/results/verdict.h"

#include <algorithm>

namespace runner {

std::string_view nameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::skip:
      return "skip";
    case Verdict::xfail:
      return "xfail";
    case Verdict::xpass:
      return "xpass";
    case Verdict::timeout:
      return "timeout";
    case Verdict::panic:
      return "panic";
    case Verdict::splat:
      return "splat";
    case Verdict::lost:
      return "lost";
    case Verdict::error:
      return "error";
  }
  return "error";
}

std::optional<Verdict> verdictNamed(std::string_view name) {
  const auto* found = std::find_if(kWorstFirst.begin(), kWorstFirst.end(),
                                   [&](Verdict verdict) { return nameOf(verdict) == name; });
  if (found == kWorstFirst.end()) return std::nullopt;
  return *found;
}

Verdict worse(Verdict one, Verdict other) {
  for (const Verdict verdict : kWorstFirst) {
    if (verdict == one || verdict == other) return verdict;
  }
  return one;
}

bool isBad(Verdict verdict) {
  return statusOf(verdict) != ExitStatus::pass;
}

bool isOfCase(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
    case Verdict::fail:
    case Verdict::skip:
    case Verdict::xfail:
    case Verdict::xpass:
    case Verdict::error:
      return true;
    default:
      return false;
  }
}

ExitStatus statusOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
    case Verdict::skip:
    case Verdict::xfail:
      return ExitStatus::pass;
    case Verdict::fail:
    case Verdict::xpass:
      return ExitStatus::fail;
    case Verdict::timeout:
      return ExitStatus::timeout;
    case Verdict::panic:
      return ExitStatus::panic;
    case Verdict::splat:
      return ExitStatus::splat;
    case Verdict::lost:
      return ExitStatus::lost;
    case Verdict::error:
      return ExitStatus::error;
  }
  return ExitStatus::error;
}

}  // namespace runner
