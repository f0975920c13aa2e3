// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/quirk.h"

#include <algorithm>
#include <sstream>

namespace filesystems {

bool isAffected(const Quirk& quirk, std::string_view release) {
  Version running;
  char dot = 0;
  std::istringstream text{std::string(release)};
  if (!(text >> running.major >> dot >> running.minor) || dot != '.') return false;
  return running < quirk.gone_in && std::ranges::count(quirk.backported, running) == 0;
}

}  // namespace filesystems
