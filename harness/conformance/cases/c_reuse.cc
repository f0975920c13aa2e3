// SPDX-License-Identifier: GPL-2.0-only
// C1 to C7: the upper of a volatile overlay is used again only if nothing was lost in between.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "conformance/needs.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// With an index, overlayfs itself refuses an upper that is in use (EBUSY). CONFIG_OVERLAY_FS_INDEX
// makes that the default.
constexpr const char* kWithoutIndex = "volatile,index=off";

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

// The defaults of a distribution, each of which sets up the layers in another way.
CASE(C1, TheUpperMayHaveOtherOptions, .subjects = kVolatileOnly) {
  for (const char* option : {"index=on", "index=off", "metacopy=on,redirect_dir=on",
                             "redirect_dir=nofollow", "index=on,nfs_export=on", "xino=on"}) {
    SCOPED_TRACE(option);
    VolatileUpper upper(subject);
    const std::string options = std::string("volatile,") + option;
    if (!upper.isMounted(options)) continue;
    EXPECT_OK(write(upper.view().open("data")));
    upper.end();
    EXPECT_OK(upper.mount(options));
  }
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

CASE(C1, AMountThatFailsDoesNotCount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  // The last lowerdir= counts: a lower layer within the upper one. With an index, another lower
  // layer is an error of its own.
  const std::string lower = upper.upper() + "/upper-dir";
  EXPECT_ERRNO(upper.mount("volatile,index=off,lowerdir=" + lower), ELOOP);
  EXPECT_OK(upper.mount());
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
  const View view = upper.begin();
  subject.loseWritebackThrough(view);
  upper.end();
  seeTheError(subject);
  upper.isRefused(kNoRecord);
}

CASE(C2, AnErrorInTheSecondMountCycle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  if (!upper.isMounted()) return;
  subject.loseWritebackElsewhere();
  seeTheError(subject);
  upper.end();
  upper.isRefused(kNoRecord);
}

CASE(C2, AnUnseenErrorInTheSecondMountCycle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  if (!upper.isMounted()) return;
  subject.loseWritebackElsewhere();
  upper.end();
  EXPECT_ERRNO(upper.mount(), EIO);
  seeTheError(subject);
  upper.isRefused(kNoRecord);
}

CASE(C3, TheUpperMountedAgain, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.mount.mountUpperAgain();
  upper.isRefused(kOtherUpper);
}

CASE(C3, ACopyOnAnotherFilesystem, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  std::string record;
  EXPECT_OK(upper.readRecord(record));
  if (record.empty()) return;
  VolatileUpper copy(subject, subject.beside.layersInMemory("tmpfs"));
  copy.mountCycle();
  copy.writeRecord(record);
  copy.isRefused(kOtherUpper);
  EXPECT_OK(upper.mount());
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
  subject.beside.detachLatest();
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

CASE(C6, TheSampleIsOfNoErrorOrOfOneThatWasSeen, .subjects = kVolatileOnly) {
  constexpr std::uint32_t kSeen = 1u << 12;  // ERRSEQ_SEEN
  const auto sampleOfACycle = [&] {
    VolatileUpper upper(subject);
    upper.mountCycle();
    std::string record;
    EXPECT_OK(upper.readRecord(record));
    std::uint32_t sample = 0;
    if (record.size() >= 8) std::copy_n(record.data() + 4, 4, reinterpret_cast<char*>(&sample));
    return sample;
  };
  EXPECT_EQ(sampleOfACycle(), 0U);
  subject.loseWritebackAndSeeIt();
  EXPECT_EQ(sampleOfACycle() & kSeen, kSeen);
}

CASE(C7, UserxattrIsNeverUsedAgain, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  if (!upper.isMounted("volatile,userxattr")) return;
  upper.end();
  std::string record;
  EXPECT_ERRNO(upper.readRecord(record), ENODATA);
  upper.isRefused(kUserxattr, "volatile,userxattr");
  upper.isRefused(kNoRecord);
}

}  // namespace
}  // namespace conformance
