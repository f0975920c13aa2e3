// SPDX-License-Identifier: GPL-2.0
#include "series/check/fixed_series.h"

#include <fmt/format.h>

#include "runner/base/failure.h"
#include "runner/base/read_file.h"

namespace runner {

FixedSeries::FixedSeries(const std::vector<std::filesystem::path>& folders)
    : series_(readSeries(folders)) {
  for (const auto& patch : patches()) texts_.push_back(readFile(patch));
  for (std::size_t count = 0; count <= size(); ++count) {
    hashes_.push_back(firstPatches(series_, count).hash);
  }
  requireUnchanged();
}

void FixedSeries::requireUnchanged() const {
  for (std::size_t index = 0; index != size(); ++index) {
    if (readFile(patches()[index]) == text(index)) continue;
    throw Failure(ExitStatus::build, fmt::format("{} was changed while it was looked at: once it "
                                                 "stays as it is, start again",
                                                 patches()[index].string()));
  }
}

}  // namespace runner
