// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/trace.h"

#include <algorithm>
#include <sstream>

namespace conformance {
namespace {

std::string answer(const std::vector<TracedCall>& steps, std::size_t index) {
  if (index >= steps.size()) return "not called";
  std::ostringstream text;
  text << steps[index].result;
  return text.str();
}

}  // namespace

void Trace::add(const std::string& call, const sys::Result& result, bool compared) {
  needs_oracle_ = needs_oracle_ || compared;
  steps_.push_back({call, result});
}

bool Trace::provesSomething() const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [](const TracedCall& step) { return !step.result.ok(); });
}

std::string Trace::besideOracle(const Trace& oracle) const {
  std::ostringstream text;
  text << "not as on the bare filesystem:";
  for (std::size_t i = 0; i < std::max(steps_.size(), oracle.steps_.size()); ++i) {
    const bool same =
        i < steps_.size() && i < oracle.steps_.size() && steps_[i] == oracle.steps_[i];
    const TracedCall& named = i < steps_.size() ? steps_[i] : oracle.steps_[i];
    text << (i == 0 ? " " : "; ") << (same ? "" : "! ") << named.call << ": bare "
         << answer(oracle.steps_, i) << ", here " << answer(steps_, i);
  }
  return text.str();
}

Trace& currentTrace() {
  static Trace trace;
  return trace;
}

}  // namespace conformance
