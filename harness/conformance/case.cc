// SPDX-License-Identifier: GPL-2.0
#include "conformance/case.h"

#include <algorithm>
#include <tuple>

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
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
    return std::make_tuple(orderOf(a.requirement), a.file, a.line, a.title) <
           std::make_tuple(orderOf(b.requirement), b.file, b.line, b.title);
  });
  return cases;
}

const View* mounted(Subject& subject, const sys::Result& result) {
  EXPECT_OK(result);
  return result.ok() ? &subject.latestMount() : nullptr;
}

bool refusesNewFds(const View& view, const std::string& name, int flags) {
  const sys::Descriptor opened(::open(view.path(name).c_str(), flags | O_CLOEXEC));
  if (opened) return false;
  EXPECT_ERRNO(sys::Result::ofCall(-1), EIO) << "open of " << name;
  return true;
}

Registration::Registration(Case added) {
  added.file = sourcePath(added.file);
  registered().push_back(std::move(added));
}

std::string sourcePath(const std::string& path) {
  const std::size_t folder = path.rfind("conformance/");
  return folder == std::string::npos ? path : path.substr(folder);
}

}  // namespace conformance
