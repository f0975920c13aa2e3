// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/case.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "requirements/requirements.h"

namespace conformance {
namespace {

std::vector<Case>& registered() {
  static std::vector<Case> cases;
  return cases;
}

std::size_t orderOf(const std::string& requirement) {
  const auto all = requirements::all();
  return static_cast<std::size_t>(
      std::ranges::find(all, requirement, &requirements::Requirement::id) - all.begin());
}

}  // namespace

std::vector<Case> allCases() {
  std::vector<Case> cases = registered();
  // The cases of a file are registered in source order.
  std::stable_sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
    return std::make_pair(orderOf(a.requirement), std::string_view(a.line.file)) <
           std::make_pair(orderOf(b.requirement), std::string_view(b.line.file));
  });
  return cases;
}

std::vector<const Case*> inOrderOfRunning(const std::vector<Case>& cases) {
  std::vector<const Case*> ordered;
  for (const bool first : {true, false}) {
    for (const Case& test : cases) {
      if (test.traits.comes_first == first) ordered.push_back(&test);
    }
  }
  return ordered;
}

const View* mounted(Subject& subject, const sys::Result& result, CalledFrom) {
  EXPECT_OK(result);
  return result.ok() ? &subject.beside.latest() : nullptr;
}

bool refusesNewFds(const View& view, const std::string& name, int flags, CalledFrom) {
  const sys::Result opened = view.tryOpen(name, flags);
  if (opened.ok()) return false;
  EXPECT_ERRNO(opened, EIO) << "open of " << name;
  return true;
}

Registration::Registration(Case added) {
  registered().push_back(std::move(added));
}

}  // namespace conformance
