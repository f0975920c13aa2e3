// SPDX-License-Identifier: GPL-2.0-only
// Builds the next mutant while the one before it runs.
#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <filesystem>
#include <future>

namespace runner {

// Where the image of the mutant of that number goes: not to that of the one before it.
inline std::filesystem::path imageAhead(const std::filesystem::path& directory,
                                        std::size_t number) {
  return directory / fmt::format("image-{}", number % 2);
}

// Calls build(n), then judge(n, what build(n) returned), for each n below `count`. With `beside`,
// build(n + 1) runs in another thread while judge(n) runs, so they must not share an image. Throws
// what one of them throws, once the other has ended.
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
