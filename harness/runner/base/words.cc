// SPDX-License-Identifier: GPL-2.0
#include "runner/base/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace runner {

using namespace std::chrono_literals;

std::vector<std::string> splitAt(char separator, std::string_view text) {
  std::vector<std::string> words(1);
  for (const char each : text) {
    if (each == separator) {
      words.emplace_back();
    } else {
      words.back() += each;
    }
  }
  return words;
}

std::string listed(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               began);
}

std::string inWords(std::chrono::milliseconds duration) {
  if (duration >= 10s) return runningTime(duration + 500ms);
  return fmt::format("{:.2%Q %q}", std::chrono::duration<double>(duration));
}

std::string runningTime(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  if (seconds < 1min) return fmt::format("{:%Q %q}", seconds);
  return fmt::format("{} min {} s", seconds / 1min, (seconds % 1min).count());
}

}  // namespace runner
