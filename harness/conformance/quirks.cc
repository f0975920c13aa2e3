// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/quirks.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "conformance/kernel_probe.h"
#include "conformance/skip.h"
#include "sys/glob.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using filesystems::Quirk;

const Quirk* findIn(const std::vector<Quirk>& quirks, std::string_view id) {
  const auto found = std::find_if(quirks.begin(), quirks.end(),
                                  [&](const Quirk& quirk) { return quirk.id == id; });
  return found == quirks.end() ? nullptr : &*found;
}

bool isHere(const Quirk& quirk) {
  using filesystems::Probe;
  const bool is_older = !kernelIsAtLeast(quirk.before.major, quirk.before.minor);
  switch (quirk.probe) {
    case Probe::always:
      return true;
    case Probe::release:
      return is_older;
    case Probe::uml_release:
      return is_older && isUserModeLinux();
    case Probe::in_the_case:
      break;
  }
  throw std::logic_error("only a case can detect the quirk " + std::string(quirk.id));
}

}  // namespace

const Quirk* quirkHere(const std::vector<Quirk>& quirks, std::string_view id) {
  const Quirk* const quirk = findIn(quirks, id);
  return quirk != nullptr && isHere(*quirk) ? quirk : nullptr;
}

const Quirk* quirkThatSkips(const filesystems::Filesystem& filesystem, const std::string& name) {
  const auto skips = [&](const Quirk& quirk) {
    const auto is_of = [&](const std::string& pattern) { return sys::matchesGlob(pattern, name); };
    return quirk.probe != filesystems::Probe::in_the_case &&
           std::ranges::any_of(quirk.skips, is_of) && isHere(quirk);
  };
  for (const std::vector<Quirk>* quirks : {&filesystem.quirks, &filesystems::kernelQuirks()}) {
    const auto found = std::ranges::find_if(*quirks, skips);
    if (found != quirks->end()) return &*found;
  }
  return nullptr;
}

void skipFor(const std::vector<Quirk>& quirks, std::string_view id) {
  const Quirk* const quirk = findIn(quirks, id);
  if (quirk == nullptr) {
    throw sys::SetupError("quirk", std::string(id) + " met, which is not expected on this kernel",
                          0);
  }
  skip(quirk->reason);
}

}  // namespace conformance
