// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/quirks.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "conformance/kernel_probe.h"
#include "conformance/skip.h"
#include "sys/glob.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using filesystems::Filesystem;
using filesystems::Probe;
using filesystems::Quirk;

std::map<std::pair<const Filesystem*, const Quirk*>, bool>& answers() {
  static std::map<std::pair<const Filesystem*, const Quirk*>, bool> kept;
  return kept;
}

const Quirk* findIn(const std::vector<Quirk>& quirks, std::string_view id) {
  const auto found = std::ranges::find(quirks, id, &Quirk::id);
  return found == quirks.end() ? nullptr : &*found;
}

bool hangsInUserModeLinux(const Quirk& quirk) {
  return isUserModeLinux() && isAffected(quirk, kernelRelease());
}

bool isHere(const Filesystem& filesystem, const Quirk& quirk) {
  switch (quirk.probe) {
    case Probe::always:
      return true;
    case Probe::uml_release:
      return hangsInUserModeLinux(quirk);
    case Probe::in_the_case:
      throw std::logic_error("only a case can detect the quirk " + std::string(quirk.id));
    default:
      break;
  }
  const auto answer = answers().find({&filesystem, &quirk});
  return answer != answers().end() && answer->second && mayHave(quirk, kernelRelease());
}

// The one here that names the case in that list of its own.
const Quirk* quirkFor(const Filesystem& filesystem, const std::string& name,
                      std::vector<std::string> Quirk::*cases) {
  const auto names_it = [&](const Quirk& quirk) {
    const auto is_of = [&](const std::string& pattern) { return sys::matchesGlob(pattern, name); };
    return quirk.probe != Probe::in_the_case && std::ranges::any_of(quirk.*cases, is_of) &&
           isHere(filesystem, quirk);
  };
  for (const std::vector<Quirk>* quirks : {&filesystem.quirks, &filesystems::kernelQuirks()}) {
    const auto found = std::ranges::find_if(*quirks, names_it);
    if (found != quirks->end()) return &*found;
  }
  return nullptr;
}

}  // namespace

void keepAnswer(const Filesystem& filesystem, const Quirk& quirk, bool is_here) {
  answers()[{&filesystem, &quirk}] = is_here;
}

bool hasQuirk(const Filesystem& filesystem, std::string_view id) {
  const Quirk* quirk = findIn(filesystem.quirks, id);
  if (quirk == nullptr) quirk = findIn(filesystems::kernelQuirks(), id);
  return quirk != nullptr && isHere(filesystem, *quirk);
}

bool mayHaveQuirk(const std::vector<Quirk>& quirks, std::string_view id) {
  const Quirk* const quirk = findIn(quirks, id);
  if (quirk == nullptr) throw sys::SetupError("quirk", std::string(id) + " is not known", 0);
  return mayHave(*quirk, kernelRelease());
}

bool hangsWithIoUringWorkers() {
  const auto& quirks = filesystems::kernelQuirks();
  return hangsInUserModeLinux(*findIn(quirks, filesystems::quirk::no_io_uring_workers));
}

const Quirk* quirkThatSkips(const Filesystem& filesystem, const std::string& name) {
  return quirkFor(filesystem, name, &Quirk::skips);
}

const Quirk* quirkThatFails(const Filesystem& filesystem, const std::string& name) {
  return quirkFor(filesystem, name, &Quirk::fails);
}

void skipFor(const std::vector<Quirk>& quirks, std::string_view id) {
  const Quirk* const quirk = findIn(quirks, id);
  if (quirk == nullptr) {
    throw sys::SetupError("quirk", std::string(id) + " met, which is not known here", 0);
  }
  if (!mayHave(*quirk, kernelRelease())) {
    throw sys::SetupError(
        "quirk", "this kernel has " + quirk->what + ", as none has since " + quirk->commit, 0);
  }
  skip(quirk->reason);
}

}  // namespace conformance
