// SPDX-License-Identifier: GPL-2.0-only
// C4: of what a mount left in the work directory, only the marker stays, and only a marker that is
// known is let through.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>

#include "conformance/case.h"
#include "conformance/cases/volatile_upper.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;

bool isThere(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

CASE(C4, OnlyTheMarkerStays, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const std::string work = upper.work() + "/work", left = work + "/volatile";
  fs::create_directory(left);
  if (!upper.isMounted()) return;
  EXPECT_FALSE(isThere(left));
  EXPECT_TRUE(upper.isMarked());
}

// What is in it keeps rmdir(2) from removing it.
CASE(C4, AMarkerThatIsEmptyStays, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  fs::remove(upper.marker() + "/dirty");
  const sys::File marker(upper.marker(), O_RDONLY | O_DIRECTORY);
  if (!upper.isMounted()) return;
  struct stat status {};
  sys::require(::fstat(marker.descriptor(), &status), "fstat", upper.marker());
  EXPECT_NE(status.st_nlink, 0U) << "it was removed";
}

CASE(C4, AnOrdinaryWorkDirectoryIsCleanedUp, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const std::string left[] = {upper.work() + "/work/left", upper.work() + "/work/left-too"};
  for (const std::string& directory : left) {
    fs::create_directories(directory);
    (void)sys::File(directory + "/file", O_RDWR | O_CREAT);
  }
  if (!upper.isMounted("index=off")) return;
  for (const std::string& directory : left) EXPECT_FALSE(isThere(directory)) << directory;
  const auto mode = fs::status(upper.work() + "/work").permissions();
  EXPECT_EQ(mode, fs::perms::none) << "the directory is the old one";
}

// Below it there can be no marker.
CASE(C4, AFileInThePlaceOfTheDirectoryIsNoMarker, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  fs::create_directory(upper.work() + "/work");
  (void)sys::File(upper.work() + "/work/incompat", O_RDWR | O_CREAT);
  EXPECT_OK(upper.mount("index=off"));
}

// However much its name is like that of the marker.
CASE(C4, AnotherIncompatibleFeatureIsRefused, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject), ordinary(subject);
  upper.mountCycle();
  fs::create_directories(ordinary.work() + "/work/incompat");
  for (const char* name : {"other", "vol", "volatile2", "Volatile", "volatile "}) {
    for (const auto& [layers, options] :
         {std::pair{&upper, "volatile"}, {&ordinary, "index=off"}}) {
      SCOPED_TRACE(options);
      const std::string other = layers->work() + "/work/incompat/" + name;
      fs::create_directory(other);
      KernelLog log;
      EXPECT_ERRNO(layers->mount(options), EINVAL) << name;
      expectLineWith(log, "incompat feature", ('\'' + std::string(name) + '\'').c_str());
      fs::remove(other);
    }
  }
}

// Whether it is refused, or allowed without the marker.
CASE(C4, AnotherMountLeavesTheErrorUnseen, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.loseWriteback();
  EXPECT_ERRNO(upper.mount("index=off"), EINVAL);
  upper.removeMarker();
  EXPECT_OK(upper.mount("index=off"));
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

CASE(C4, AReadOnlyMountLeavesTheMarker, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  EXPECT_OK(upper.mount("volatile", MS_RDONLY));
  EXPECT_TRUE(upper.isMarked());
  upper.end();
  upper.isRefused(kNotVolatile, "index=off");
}

}  // namespace
}  // namespace conformance
