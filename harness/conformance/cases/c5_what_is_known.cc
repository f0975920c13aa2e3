// SPDX-License-Identifier: GPL-2.0-only
// C5: what is known of a volatile upper is in memory and belongs to one upper directory. Nothing on
// the disk allows a mount, and nothing there can keep one from being allowed.
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "sys/filesystem_control.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;
using sys::File;

CASE(C5, AMarkerOfAnotherBoot, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mark();
  upper.isRefused(kUnknown);
  upper.isRefused(kNotVolatile, "index=off");
}

CASE(C5, TheWorkDirectoryOfAnotherUpper, .subjects = kVolatileOnly) {
  VolatileUpper first(subject), second(subject);
  first.mountCycle();
  second.isRefused(kUnknown, [&] {
    return subject.beside.mountLayers("volatile,index=off,lowerdir=" + subject.layers.lower() +
                                      ",upperdir=" + second.upper() + ",workdir=" + first.work());
  });
  EXPECT_OK(first.mount());
}

// The new directory may even get the inode number of the old one.
CASE(C5, AnUpperOfTheSameName, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  fs::remove_all(upper.upper());
  fs::create_directory(upper.upper());
  upper.isRefused(kUnknown, "volatile,index=off");
}

CASE(C5, AnUpperThatWasRenamed, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const std::string name = upper.upper() + "-renamed";
  fs::rename(upper.upper(), name);
  fs::create_directory(upper.upper());
  upper.isRefused(kUnknown, "volatile,index=off");
  fs::remove(upper.upper());
  fs::rename(name, upper.upper());
  EXPECT_OK(upper.mount());
}

// Another work directory has no marker; the failure of that mount counts all the same.
CASE(C5, AFailureWithAnotherWorkDirectory, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const sys::Result result = subject.beside.mountLayers(
      "volatile,index=off,lowerdir=" + subject.layers.lower() + ",upperdir=" + upper.upper() +
      ",workdir=" + subject.layers.fresh().work);
  EXPECT_OK(result);
  if (!result.ok()) return;
  subject.loseWritebackElsewhere();
  seeTheError(subject);
  upper.end();
  upper.isRefused(kFailed);
}

CASE(C5, TheUpperIsFrozenAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  const File root = subject.upper().open(".", O_RDONLY | O_DIRECTORY);
  std::future<void> unmount;
  {
    const sys::Freeze freeze(root);
    unmount = std::async(std::launch::async, [&] { upper.end(); });
    EXPECT_EQ(unmount.wait_for(std::chrono::seconds(1)), std::future_status::ready)
        << "it waits for the thaw";
  }
  unmount.get();
  EXPECT_OK(upper.mount());
}

CASE(C5, TheUpperIsFullAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  EXPECT_OK(write(upper.begin().open("data")));
  EXPECT_OK(subject.upper().open("other", O_RDONLY).syncfs());
  const std::string filler = subject.layers.base() + "/filler";
  off_t end = 0;
  {
    const File full(filler, O_RDWR | O_CREAT);
    for (off_t length = off_t{1} << 30; length >= off_t{1} << 12; length /= 2) {
      while (::fallocate(full.descriptor(), 0, end, length) == 0) end += length;
    }
  }
  EXPECT_GT(end, 0);
  upper.end();
  fs::remove(filler);
  EXPECT_OK(upper.mount());
}

CASE(C5, TheUpperIsReadOnlyAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  EXPECT_OK(write(upper.begin().open("data")));
  const auto remount = [&](unsigned long flags) {
    sys::require(
        ::mount("none", subject.layers.base().c_str(), nullptr, MS_REMOUNT | flags, nullptr),
        "remount", subject.layers.base());
  };
  remount(MS_RDONLY);
  KernelLog log;
  upper.end();
  expectLineWith(log, "upper fs is read-only", upper.upper());
  remount(0);
  upper.isRefused(kFailed);
}

CASE(C5, AFilesystemWithoutXattrs, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject, subject.beside.layersInMemory("ramfs"));
  upper.mountCycle();
  EXPECT_TRUE(upper.isMarked());
  EXPECT_OK(upper.mount());
}

// What is known says nothing of an upper that has stopped. The mount finds out when it sets up its
// work directory.
CASE(C5, TheUpperIsShutDownDuringAMountCycle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  subject.disk.shutDown();
  upper.end();
  EXPECT_FALSE(upper.mount().ok());
}

CASE(C5, TheUpperIsShutDownBetweenTheMountCycles, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.disk.shutDown();
  EXPECT_FALSE(upper.mount().ok());
}

// xfs no longer looks anything up, while ext4 still reads. The layers themselves are in memory.
CASE(C5, AMarkerThatCannotBeLookedUp, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const File upper_directory(upper.upper(), O_RDONLY | O_DIRECTORY);
  const File work_directory(upper.work(), O_RDONLY | O_DIRECTORY);
  subject.disk.shutDown();
  sys::require(File("/proc/sys/vm/drop_caches", O_WRONLY).pwrite("2", 0), "write", "drop_caches");
  // The refusal because of the marker or, if it cannot be looked up, the error of the lookup
  // (ovl_check_volatile()). A mount that is not volatile could do without a work directory.
  EXPECT_ERRNO(upper.mount("index=off"), upper.isMarked() ? EINVAL : EIO);
  EXPECT_FALSE(upper.mount().ok());
}

// As container runtimes do. The protection is then gone, as it always was.
CASE(C5, AMarkerThatIsGoneAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  sys::require(::unlink((upper.marker() + "/dirty").c_str()), "unlink", upper.marker());
  sys::require(::rmdir(upper.marker().c_str()), "rmdir", upper.marker());
  upper.end();
  EXPECT_FALSE(upper.isMarked());
  EXPECT_OK(upper.mount("index=off"));
}

}  // namespace
}  // namespace conformance
