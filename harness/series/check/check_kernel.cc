// SPDX-License-Identifier: GPL-2.0
#include "series/check/check_kernel.h"

#include <fmt/core.h>

#include "runner/base/failure.h"
#include "runner/kernels/config.h"

namespace runner {

namespace fs = std::filesystem;

std::vector<fs::path> checkFragments(const Tree& tree, const Project& project) {
  const fs::path folder = project.root / "kernel-overlay" / "config";
  std::vector<fs::path> fragments = {folder / "check.config"};
  if (tree.is_test) {
    const fs::path own = folder / ("check-" + tree.series.front().filename().string() + ".config");
    if (fs::exists(own)) fragments.push_back(own);
  }
  return fragments;
}

std::string checkedOption(const Tree& tree, const std::vector<fs::path>& fragments) {
  if (!tree.is_test) return "CONFIG_OVERLAY_FS";
  const std::vector<Option> options = readFragments({fragments.back()});
  if (!options.empty()) return options.back().symbol;
  throw Failure(ExitStatus::build,
                fmt::format("{} has no option: the last one has to be that of the test",
                            fragments.back().string()));
}

}  // namespace runner
