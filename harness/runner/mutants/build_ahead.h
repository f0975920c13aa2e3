// SPDX-License-Identifier: GPL-2.0-only
// Builds the next mutant while the one before it runs.
#pragma once

#include <cstddef>
#include <future>

namespace runner {

// Calls build(number), and judge(number, what build() returned), for each number below `count` in
// turn. build() runs in another thread while judge() has the result before it, so what both use
// must be there twice; with `beside` false it does not. Throws what they throw, after both ended.
template <typename Build, typename Judge>
void buildAhead(std::size_t count, bool beside, const Build& build, const Judge& judge) {
  const auto begin = [&](std::size_t number) {
    return std::async(beside ? std::launch::async : std::launch::deferred, build, number);
  };
  if (count == 0) return;
  auto next = begin(0);
  for (std::size_t number = 0; number != count; ++number) {
    auto built = next.get();
    if (number + 1 != count) next = begin(number + 1);
    judge(number, built);
  }
}

}  // namespace runner
