// SPDX-License-Identifier: GPL-2.0-only
// C4, C5: mounts whose work directory cannot be read or written, and what the log says of them.
#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/immutable_directory.h"
#include "conformance/cases/volatile_upper.h"
#include "conformance/kernel_log.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

// As in C4.AWorkDirectoryThatMayNotBeSearched.
CASE(C4, AWorkDirectoryThatMayNotBeSearchedIsNotLogged, .subjects = kVolatileOnly) {
  const Layers layers = layersThatMayNotBeSearched(subject);
  KernelLog log;
  EXPECT_OK(mountInUserNamespace(subject, layers.options + ",userxattr,index=off"));
  expectNoLineWith(log, "failed to look up");
}

// Whatever is in it may be a marker. Without series C, the mount is read-only.
CASE(C4, AFullWorkDirectoryThatMayNotBeSearched, .subjects = kVolatileOnly) {
  const Layers layers = layersThatMayNotBeSearched(subject);
  std::filesystem::create_directory(layers.work + "/work/incompat");
  KernelLog log;
  EXPECT_ERRNO(mountInUserNamespace(subject, layers.options + ",userxattr,index=off"), EACCES);
  expectLineWith(log, "failed to look into workdir", "may have had a volatile mount");
}

// A lookup in it fails, and reading it does not.
CASE(C4, AMarkerThatMayOnlyBeListed, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mark();
  const std::string features = upper.work() + "/work/incompat";
  giveAway(features);
  std::filesystem::permissions(features, std::filesystem::perms(0444));
  KernelLog log;
  EXPECT_ERRNO(mountInUserNamespace(subject, upper.layers().options + ",userxattr,index=off"),
               EINVAL);
  expectLineWith(log, "incompat feature", "'volatile'");
}

// As in C5.AMarkerThatCannotBeLookedUp: only some filesystems still read what is not in memory.
CASE(C4, AMarkerThatCannotBeLookedUpIsLogged, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const sys::File upper_directory(upper.upper(), O_RDONLY | O_DIRECTORY);
  const sys::File work_directory(upper.work(), O_RDONLY | O_DIRECTORY);
  subject.disk.shutDown();
  sys::dropCaches(sys::Caches::names);
  for (const char* what : {": upperdir may have had a volatile mount", "overlayfs: "}) {
    KernelLog log;
    EXPECT_FALSE(upper.mount("index=off").ok());
    if (upper.isMarked()) return;
    EXPECT_EQ(errorsWith(log, what), 1) << "lines of the kernel log say: " << what;
  }
}

// xfs has stopped then; others set up the work directory in memory and fail elsewhere, or not at
// all.
CASE(C5, AMountWithoutAWorkDirectorySaysSo, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  subject.disk.shutDown();
  upper.end();
  KernelLog log;
  const sys::Result result = upper.mount();
  const auto lines = log.newLines();
  const auto has = [&](const char* what) {
    return std::ranges::any_of(
        lines, [&](const std::string& line) { return line.find(what) != std::string::npos; });
  };
  if (!has("mounting read-only")) return;
  EXPECT_ERRNO(result, EIO);
  EXPECT_TRUE(has("volatile upperdir cannot be mounted without workdir"));
}

// A directory that nothing can be created in.
CASE(C4, AnOrdinaryMountDoesWithoutAWorkDirectory, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const ImmutableDirectory work(upper.work());
  EXPECT_OK(upper.mount("index=off"));
}

}  // namespace
}  // namespace conformance
