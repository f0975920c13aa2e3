// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/version.h"

#include "runner/kernels/build_tools.h"

namespace runner {

std::string upstreamOf(std::string_view version) {
  version.remove_prefix(version.find(':') + 1);  // of no epoch: npos + 1 is 0
  return std::string(version.substr(0, version.rfind('-')));
}

bool olderVersion(const std::string& left, const std::string& right) {
  return runLines({{"dpkg", "--compare-versions", left, "lt", right}}, [](std::string_view) {})
      .ok();
}

bool belongsTo(std::string_view upstream, std::string_view tree) {
  if (!upstream.starts_with(tree)) return false;
  upstream.remove_prefix(tree.size());
  return upstream.empty() || upstream.starts_with('.') || upstream.starts_with('~');
}

}  // namespace runner
