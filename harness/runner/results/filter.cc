// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "filesystems/registry.h"
#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "sys/glob.h"

namespace runner {
namespace {

constexpr std::size_t kLongest = 1024;  // bytes: a kernel command line takes 2048

bool isRequirementId(std::string_view text) {
  return text.size() >= 2 && std::isupper(static_cast<unsigned char>(text[0])) != 0 &&
         std::all_of(text.begin() + 1, text.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string patternOf(std::string_view text) {
  if (text.find_first_of("*?[") != std::string_view::npos) return std::string(text);
  if (isRequirementId(text)) return fmt::format("{}.*", text);
  if (std::count(text.begin(), text.end(), '/') == 2) return std::string(text);
  return fmt::format("*{}*", text);
}

void checkCharacters(std::string_view text) {
  const auto* bad = std::ranges::find_if(text, [](unsigned char c) {
    return std::isalnum(c) == 0 &&
           !std::string_view("./*?[]!^-_:+=").contains(static_cast<char>(c));
  });
  if (bad == text.end()) return;
  throw Failure(ExitStatus::usage,
                fmt::format("--filter '{}': no case has a {} in its name; `ovl-syncfs list` prints "
                            "the names",
                            text, *bad == ' ' ? "space" : fmt::format("'{}'", *bad)));
}

// A colon separates patterns, unless it is in the name of a profile.
constexpr char kColon = '\1';

std::string withMarkedProfiles(std::string text) {
  for (const filesystems::Filesystem& profile : filesystems::profiles()) {
    const std::size_t colon = profile.name.find(':');
    if (colon == std::string::npos) continue;
    for (std::size_t at = 0; (at = text.find(profile.name, at)) != std::string::npos;) {
      text[at + colon] = kColon;
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> parseFilter(std::string_view text) {
  checkCharacters(text);
  if (text.size() > kLongest) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--filter is {} bytes long; at most {} fit on a kernel command line",
                              text.size(), kLongest));
  }
  std::vector<std::string> patterns;
  for (const std::string& part : splitAt(':', withMarkedProfiles(std::string(text)))) {
    if (part.empty()) continue;
    patterns.push_back(patternOf(part));
    std::ranges::replace(patterns.back(), kColon, '?');
  }
  return patterns;
}

bool matchesFilter(const std::vector<std::string>& patterns, const std::string& full_name) {
  return sys::matchesGlob(joinFilter(patterns), full_name);
}

std::string joinFilter(const std::vector<std::string>& patterns) {
  return fmt::format("{}", fmt::join(patterns, ":"));
}

}  // namespace runner
