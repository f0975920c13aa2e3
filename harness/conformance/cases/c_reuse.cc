// SPDX-License-Identifier: GPL-2.0-only
// C1 to C7: the upper of a volatile overlay is used again only if nothing was lost in between.
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "conformance/kernel_log.h"
#include "conformance/needs.h"
#include "sys/capability.h"
#include "sys/child_process.h"
#include "sys/setup_error.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

CASE(C1, AnotherVolatileMountFindsWhatWasWritten, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const std::string bytes = sys::freshBytes(kBytes);
  EXPECT_OK(upper.begin().open("data").pwrite(bytes, 0));
  EXPECT_OK(create(upper.view(), "new-name"));
  upper.end();
  if (!upper.isMounted()) return;
  std::string found(kBytes, '\0');
  const File file = upper.view().open("data");
  EXPECT_OK(Result::ofCall(::pread(file.descriptor(), found.data(), found.size(), 0)));
  EXPECT_TRUE(found == bytes);
  EXPECT_OK(lookUp(upper.view(), "new-name"));
  EXPECT_OK(write(file));
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

CASE(C1, ItHasManyMountCycles, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  for (int i = 0; i < kMountCycles; ++i) {
    if (!upper.isMounted()) return;
    EXPECT_OK(write(upper.view().open("data")));
    upper.end();
  }
}

CASE(C1, ItEndsReadOnly, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  EXPECT_OK(write(upper.begin().open("data")));
  EXPECT_OK(subject.beside.remountReadOnly(subject.beside.latest()));
  upper.end();
  EXPECT_OK(upper.mount());
}

CASE(C1, ItsLastUserHasNoPrivileges, .subjects = kVolatileOnly) {
  constexpr uid_t kNobody = 65534;
  VolatileUpper upper(subject);
  sys::Pipe end = sys::Pipe::make();
  pid_t child = -1;
  {
    const File file = upper.begin().open("data");
    child = ::fork();
    if (child == 0) {
      end.write.close();
      char byte = 0;
      const bool is_nobody = ::setresuid(kNobody, kNobody, kNobody) == 0;
      (void)!::read(end.read.get(), &byte, 1);
      ::_exit(is_nobody ? 0 : 1);
    }
    sys::require(child, "fork", "for the last user");
    subject.beside.detach(subject.beside.latest());
  }
  upper.isRefused(kInUse, kWithoutIndex);
  end.write.close();
  int status = 0;
  sys::require(::waitpid(child, &status, 0), "waitpid", "the last user");
  EXPECT_EQ(status, 0);
  EXPECT_OK(upper.mount());
}

// As root in many containers.
CASE(C1, ItsMounterMayNotOpenFilesByHandle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const sys::WithoutCapability without(CAP_DAC_READ_SEARCH);
  upper.mountCycle();
  EXPECT_OK(upper.mount());
}

// Nothing keeps the inode of the upper directory in memory.
CASE(C1, ThereIsLittleMemoryBetweenTheMountCycles, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  sys::dropCaches();
  EXPECT_OK(upper.mount());
}

CASE(C1, AnErrorThatWasSeenBeforeTheFirstMountCycleDoesNotCount, .subjects = kVolatileOnly) {
  subject.loseWritebackAndSeeIt();
  VolatileUpper upper(subject);
  upper.mountCycle();
  EXPECT_OK(upper.mount());
}

CASE(C1, TheOptionMayBeWrittenInAnotherWay, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  needFsyncOption(subject);
  if (!upper.isMounted("fsync=volatile")) return;
  upper.end();
  upper.isRefused(kNotVolatile, "fsync=strict");
  EXPECT_OK(upper.mount());
}

// Nor does one that is the first.
CASE(C1, AMountThatFailsDoesNotCount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  for (int i = 0; i < 2; ++i) {
    // The last lowerdir= counts: a lower layer within the upper one. With an index, another lower
    // layer is an error of its own.
    const std::string lower = upper.upper() + "/upper-dir";
    EXPECT_ERRNO(upper.mount("volatile,index=off,lowerdir=" + lower), ELOOP);
    if (!upper.isMounted()) return;
    upper.end();
  }
}

CASE(C2, AnErrorBetweenTheMountCycles, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.loseWritebackAndSeeIt();
  upper.isRefused(kHadAnError);
  upper.isRefused(kHadAnError);
}

CASE(C2, AnUnseenErrorBetweenTheMountCycles, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.loseWriteback();
  EXPECT_ERRNO(upper.mount(), EIO);
  seeTheError(subject);
  upper.isRefused(kHadAnError);
}

CASE(C2, AnErrorInTheFirstMountCycle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycleWithALoss();
  upper.isRefused(kFailed);
}

CASE(C2, AnErrorInTheSecondMountCycle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  if (!upper.isMounted()) return;
  subject.loseWritebackElsewhere();
  seeTheError(subject);
  upper.end();
  upper.isRefused(kFailed);
}

CASE(C2, AnUnseenErrorInTheSecondMountCycle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  if (!upper.isMounted()) return;
  subject.loseWritebackElsewhere();
  upper.end();
  EXPECT_ERRNO(upper.mount(), EIO);
  seeTheError(subject);
  upper.isRefused(kFailed);
}

CASE(C3, TheUpperMountedAgain, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.mount.mountUpperAgain();
  upper.isRefused(kUnknown);
}

CASE(C3, StillMounted, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  upper.isRefused(kInUse, kWithoutIndex);
  EXPECT_ERRNO(upper.mount("volatile,index=on"), EBUSY);
}

CASE(C3, StillInUseAfterItWasDetached, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  std::optional<File> file = upper.begin().open("data");
  subject.beside.detach(subject.beside.latest());
  upper.isRefused(kInUse, kWithoutIndex);
  file.reset();
  EXPECT_OK(upper.mount());
}

CASE(C4, NoOtherMountIsAllowed, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  upper.isRefused(kNotVolatile, "index=off");
  EXPECT_OK(upper.mount());
}

CASE(C4, NoReadOnlyMountIsAllowed, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  upper.isRefused(kNotVolatile, [&] { return upper.mount("index=off", MS_RDONLY); });
  subject.mount.mountUpperAgain();
  for (const char* options : {"index=off", kWithoutIndex}) {
    upper.isRefused({kUnknown, kNotVolatile}, [&] { return upper.mount(options, MS_RDONLY); });
  }
}

// A user namespace that does not map its owner may still remove it, because it is empty.
CASE(C4, AWorkDirectoryThatMayNotBeSearched, .subjects = kVolatileOnly) {
  const Layers layers = layersThatMayNotBeSearched(subject);
  const std::string work = layers.work + "/work";
  EXPECT_OK(mountInUserNamespace(subject, layers.options + ",userxattr,index=off"));
  struct stat status {};
  sys::require(::stat(work.c_str(), &status), "stat", work);
  EXPECT_EQ(status.st_uid, 0U) << "it is still the same";
}

// Nor is it recreated: a power cut in between could leave anything.
CASE(C4, TheMarkerStays, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const File marker(upper.marker(), O_RDONLY | O_DIRECTORY);
  const auto isTheSame = [&] {
    struct stat now {
    }, then{};
    return ::stat(upper.marker().c_str(), &now) == 0 && ::fstat(marker.descriptor(), &then) == 0 &&
           now.st_ino == then.st_ino;
  };
  for (int cycle = 0; cycle < kMountCycles; ++cycle) {
    if (!upper.isMounted()) return;
    EXPECT_TRUE(isTheSame()) << "in mount cycle " << cycle;
    upper.end();
    EXPECT_TRUE(isTheSame()) << "after mount cycle " << cycle;
  }
}

// Two errors with one errno differ in the counter only.
CASE(C6, AnotherErrorOfTheSameErrno, .subjects = kVolatileOnly) {
  subject.loseWritebackAndSeeIt();
  VolatileUpper upper(subject);
  upper.mountCycle();
  if (!upper.isMounted()) return;
  upper.end();
  subject.loseWritebackElsewhere();
  seeTheError(subject);
  upper.isRefused(kHadAnError);
}

CASE(C7, InAUserNamespaceItIsNeverUsedAgain, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const auto mount = [&] {
    return mountInUserNamespace(subject, upper.layers().options + ",volatile,userxattr,index=off");
  };
  EXPECT_OK(mount());
  upper.isRefused(kUserNamespace, mount);
}

CASE(C7, UserxattrIsNeverUsedAgain, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  if (!upper.isMounted("volatile,userxattr")) return;
  upper.end();
  upper.isRefused(kUserNamespace, "volatile,userxattr");
  upper.isRefused(kUnknown);
}

CASE(C2, NoAdviceToSyncAnUpperThatWasVolatile, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.loseWriteback();
  KernelLog log;
  EXPECT_ERRNO(upper.mount(), EIO);
  expectLineWith(log, "upperdir has an unseen error", "discard an upperdir that had a volatile");
}

}  // namespace
}  // namespace conformance
