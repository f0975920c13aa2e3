// SPDX-License-Identifier: GPL-2.0-only
// C5: what is known of a volatile upper is in memory and belongs to one upper directory. Nothing on
// the disk allows a mount, and nothing there can keep one from being allowed.
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "sys/setup_error.h"
#include "sys/subvolume.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;
using sys::File;

CASE(C5, AMarkerOfAnotherBoot, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mark();
  upper.isRefused(kUnknown);
  upper.isRefused({kUnknown, kNotVolatile}, "index=off");
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

// False on a filesystem without subvolumes.
bool isDone(const sys::Result& result, const char* what, const std::string& path) {
  if (result == sys::Result::failure(ENOTTY)) return false;
  sys::require(result, what, path);
  return true;
}

// On btrfs a subvolume, elsewhere a directory.
std::string makeTree(const Subject& subject, const std::string& name) {
  std::string path = subject.layers.base() + '/' + name;
  if (!isDone(sys::makeSubvolume(path), "make a subvolume", path)) fs::create_directory(path);
  return path;
}

// A snapshot has the inode numbers of the original.
CASE(C5, ACopyOfTheLayers, .subjects = kVolatileOnly) {
  const std::string original = makeTree(subject, "original");
  VolatileUpper upper(subject, subject.layers.freshIn(original));
  upper.mountCycle();
  const std::string copy = subject.layers.base() + "/copy";
  if (!isDone(sys::makeSnapshot(original, copy), "make a snapshot", copy)) {
    fs::copy(original, copy, fs::copy_options::recursive);
  }
  VolatileUpper(subject, subject.layers.in(copy)).isRefused(kUnknown, kWithoutIndex);
  EXPECT_OK(upper.mount());
}

CASE(C5, TheSpaceOfADeletedUpperIsFree, .subjects = kVolatileOnly) {
  const std::string tree = makeTree(subject, "deleted"), base = subject.layers.base();
  VolatileUpper upper(subject, subject.layers.freshIn(tree));
  upper.mountCycle();
  const auto available = [&] { return static_cast<off_t>(fs::space(base).available); };
  const off_t quarter = available() / 4;
  {
    const File filler(upper.upper() + "/filler", O_RDWR | O_CREAT);
    EXPECT_OK(sys::Result::ofCall(::fallocate(filler.descriptor(), 0, 0, 2 * quarter)));
    EXPECT_OK(filler.syncfs());
  }
  EXPECT_LT(available(), 3 * quarter);
  if (!isDone(sys::deleteSubvolume(tree), "delete", tree)) fs::remove_all(tree);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (available() < 3 * quarter && std::chrono::steady_clock::now() < deadline)
    (void)sys::freeDeletedSubvolumes(base);
  EXPECT_GE(available(), 3 * quarter);
}

// Another work directory has no marker; the failure of that mount counts all the same.
CASE(C5, AFailureWithAnotherWorkDirectory, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  upper.withAnotherWork().mountCycleWithALoss();
  upper.isRefused(kFailed);
}

CASE(C5, TheUpperIsFrozenAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  EXPECT_TRUE(subject.mount.endsWhileUpperIsFrozen([&] { upper.end(); }))
      << "it waits for the thaw";
  EXPECT_OK(upper.mount());
}

// Allocates all that is free, and returns how much it was.
off_t fillUp(const std::string& filler) {
  const File full(filler, O_RDWR | O_CREAT);
  off_t end = 0;
  for (off_t length = off_t{1} << 30; length >= off_t{1} << 12; length /= 2) {
    while (::fallocate(full.descriptor(), 0, end, length) == 0) end += length;
  }
  return end;
}

CASE(C5, TheUpperIsFullAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  EXPECT_OK(write(upper.begin().open("data")));
  EXPECT_OK(subject.upper().open("other", O_RDONLY).syncfs());
  const std::string filler = subject.layers.base() + "/filler";
  EXPECT_GT(fillUp(filler), 0);
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
  upper.end();
  remount(0);
  upper.isRefused(kWasReadOnly);
}

CASE(C5, AFilesystemInMemory, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject, subject.beside.layersInMemory("tmpfs"));
  upper.mountCycle();
  EXPECT_OK(upper.mount());
}

CASE(C5, AFilesystemWithoutFileHandles, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject, subject.beside.layersInMemory("ramfs"));
  KernelLog log;
  upper.mountCycle();
  expectLineWith(log, "failed to remember upperdir", "it cannot be mounted again");
  upper.isRefused(kUnknown);
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
  sys::dropCaches(sys::Caches::names);
  // The refusal because of the marker or, if it cannot be looked up, the error of the lookup
  // (ovl_check_volatile()). A mount that is not volatile could do without a work directory.
  EXPECT_ERRNO(upper.mount("index=off"), upper.isMarked() ? EINVAL : EIO);
  EXPECT_FALSE(upper.mount().ok());
}

// As container runtimes do. The protection is then gone, as it always was.
CASE(C5, AMarkerThatIsGoneAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  upper.removeMarker();
  upper.end();
  EXPECT_FALSE(upper.isMarked());
  EXPECT_OK(upper.mount("index=off"));
}

}  // namespace
}  // namespace conformance
