// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/coverage.h"

#include "conformance/explore/changes.h"
#include "conformance/explore/step_text.h"
#include "model/step.h"

namespace conformance {
namespace {

using model::Dimension;

std::string optionText(int option) {
  switch (option) {
    case model::kBareOption:
      return "no overlay";
    case model::kSubjectOption:
      return "the subject";
    case model::kVolatileSubjectOption:
      return "the volatile subject";
    case model::kReadOnlyOption:
      return "remounted read-only";
    default:
      return nameOf(model::mountModes().at(option - model::kFirstModeOption));
  }
}

std::string valueText(Dimension dimension, int value) {
  static constexpr const char* kHistories[] = {
      "no error",     "unseen error", "error seen by others", "error reported", "opened late",
      "opened after", "failed",       "failure is found"};
  switch (dimension) {
    case Dimension::option:
      return optionText(value);
    case Dimension::target:
      return nameOf(static_cast<model::Target>(value));
    case Dimension::mode:
      return model::openModes().at(value).text;
    case Dimension::verb:
      return nameOf(static_cast<model::Verb>(value));
    case Dimension::history:
      return kHistories[value];
    case Dimension::change:
      return changes().at(value).title;
    case Dimension::caller:
      return value == 0 ? "as root" : "as nobody";
  }
  return "";
}

}  // namespace

std::vector<std::string> Coverage::missing() const {
  const model::Pairs left = possible_ & ~covered_;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!left.test(i)) continue;
    const model::Pair pair = model::pairOf(i);
    texts.push_back(valueText(pair.first, pair.first_value) + " x " +
                    valueText(pair.second, pair.second_value));
  }
  return texts;
}

Coverage& coverage() {
  static Coverage all;
  return all;
}

}  // namespace conformance
