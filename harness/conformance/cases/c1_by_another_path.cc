// SPDX-License-Identifier: GPL-2.0-only
// C1: an upper directory is the same one by whatever path it is mounted.
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/volatile_upper.h"
#include "sys/mounting.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;

// Lets the layers be found below another path than that of the base.
void isUsedAgainBelow(Subject& subject, const std::string& path, CalledFrom = Line::current()) {
  const std::string base = subject.layers.base();
  VolatileUpper upper(subject);
  upper.mountCycle();
  const auto moved = [&](const std::string& own) { return path + own.substr(base.size()); };
  const std::string options =
      overlayOptions(subject.layers.lower(), moved(upper.upper()), moved(upper.work()), "volatile");
  if (mounted(subject, subject.beside.mountLayers(options)) == nullptr) return;
  subject.beside.unmountLatest();
  EXPECT_OK(upper.mount());
}

CASE(C1, ByABindMountItIsTheSame, .subjects = kVolatileOnly) {
  const std::string place = subject.layers.freshDirectory();
  const sys::Mount bind({subject.layers.base(), place, "", "", MS_BIND});
  isUsedAgainBelow(subject, place);
}

CASE(C1, ByASymbolicLinkItIsTheSame, .subjects = kVolatileOnly) {
  const std::string link = subject.layers.freshDirectory() + "/link";
  sys::require(::symlink(subject.layers.base().c_str(), link.c_str()), "symlink", link);
  isUsedAgainBelow(subject, link);
}

// What is known of it goes along, wherever the parent directory is.
CASE(C1, AfterAMoveItIsTheSame, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const std::string parent = subject.layers.base() + "/parent";
  fs::create_directory(parent);
  fs::rename(upper.upper(), parent + "/upper");
  fs::rename(upper.work(), parent + "/work");
  for (const char* name : {"/parent", "/renamed"}) {
    const std::string now = subject.layers.base() + name;
    if (!fs::exists(now)) fs::rename(parent, now);
    const std::string options =
        overlayOptions(subject.layers.lower(), now + "/upper", now + "/work", "volatile");
    if (mounted(subject, subject.beside.mountLayers(options)) == nullptr) return;
    subject.beside.unmountLatest();
  }
}

}  // namespace
}  // namespace conformance
