// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/quirk.h"

#include <algorithm>
#include <optional>
#include <sstream>

namespace filesystems {

namespace {

std::optional<Version> versionIn(std::string_view release) {
  Version version;
  char dot = 0;
  std::istringstream text{std::string(release)};
  if (!(text >> version.major >> dot >> version.minor) || dot != '.') return std::nullopt;
  return version;
}

}  // namespace

const std::vector<std::string>& casesOfTheErrno() {
  static const std::vector<std::string> cases = {
      "A14.*", "A12.TheErrorOfTheSyncWinsAndTheCursorAdvances",
      "A12.RecordedErrorAndShutDownAnswerAsPlain", "B5.TheErrnoIsEio",
      "V6.TheStickyErrorComesBeforeTheRecordedOne"};
  return cases;
}

bool isAffected(const Quirk& quirk, std::string_view release) {
  const auto running = versionIn(release);
  return running && *running < quirk.gone_in && std::ranges::count(quirk.backported, *running) == 0;
}

bool mayHave(const Quirk& quirk, std::string_view release) {
  const auto running = versionIn(release);
  return !running || quirk.gone_in == Version{} || *running < quirk.gone_in;
}

}  // namespace filesystems
