// SPDX-License-Identifier: GPL-2.0-only
// C5: the record of a volatile overlay that was unmounted, correct and wrong in each way.
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <future>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "sys/filesystem_control.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;

// A directory in which nobody can change anything.
class Immutable {
 public:
  explicit Immutable(const std::string& directory)
      : directory_(directory, O_RDONLY | O_DIRECTORY), path_(directory) {
    set(FS_IMMUTABLE_FL);
  }
  Immutable(const Immutable&) = delete;
  Immutable& operator=(const Immutable&) = delete;
  ~Immutable() {
    const int none = 0;
    (void)::ioctl(directory_.descriptor(), FS_IOC_SETFLAGS, &none);
  }

 private:
  void set(int flags) {
    sys::require(::ioctl(directory_.descriptor(), FS_IOC_SETFLAGS, &flags), "FS_IOC_SETFLAGS",
                 path_);
  }

  File directory_;
  std::string path_;
};

CASE(C5, EveryByteOfTheRecordCounts, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  std::string record;
  EXPECT_OK(upper.readRecord(record));
  if (record.empty()) return;
  struct Field {
    std::size_t end;
    const char* why;
  };
  static constexpr std::array<Field, 4> kFields = {
      {{4, kOtherFormat}, {8, kHadAnError}, {16, kOtherUpper}, {32, kOtherBoot}}};
  EXPECT_EQ(record.size(), kFields.back().end);
  EXPECT_NE(record.substr(kFields[2].end), std::string(16, '\0')) << "no boot id";
  const Field* field = kFields.data();
  for (std::size_t i = 0; i < record.size() && i < kFields.back().end; ++i) {
    if (i == field->end) ++field;
    std::string wrong = record;
    wrong[i] ^= 1;
    upper.writeRecord(wrong);
    upper.isRefused(field->why);
  }
  upper.writeRecord(record);
  EXPECT_OK(upper.mount());
}

CASE(C5, ARecordOfAnotherSize, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  std::string record;
  EXPECT_OK(upper.readRecord(record));
  if (record.empty()) return;
  for (const std::string& wrong :
       {std::string(), record.substr(0, 4), record + '\0', std::string(200, 'x')}) {
    upper.writeRecord(wrong);
    upper.isRefused(kOtherFormat);
  }
  upper.removeRecord();
  upper.isRefused(kNoRecord);
  upper.writeRecord(record);
  EXPECT_OK(upper.mount());
}

CASE(C5, ThereIsNoRecordWhileItIsMounted, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  std::string record;
  for (int i = 0; i < kMountCycles; ++i) {
    if (!upper.isMounted()) return;
    EXPECT_ERRNO(upper.readRecord(record), ENODATA);
    upper.end();
    EXPECT_OK(upper.readRecord(record));
  }
}

CASE(C5, ARecordThatCannotBeRemoved, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  {
    const Immutable marker(upper.marker());
    upper.isRefused(kCannotBeRemoved);
  }
  EXPECT_OK(upper.mount());
}

CASE(C5, ARecordThatCannotBeWritten, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  {
    const Immutable marker(upper.marker());
    upper.endsWithoutARecord();
  }
  upper.isRefused(kNoRecord);
}

CASE(C5, AFilesystemWithoutXattrs, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject, subject.beside.layersInMemory("ramfs"));
  upper.mountCycle();
  EXPECT_TRUE(upper.isMarked());
  upper.isRefused(kCannotBeRead);
}

CASE(C5, TheUpperIsFrozenAtTheUnmount, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  const File root = subject.upper().open(".", O_RDONLY | O_DIRECTORY);
  std::future<void> unmount;
  {
    const sys::Freeze freeze(root);
    unmount = std::async(std::launch::async, [&] { upper.endsWithoutARecord(); });
    EXPECT_EQ(unmount.wait_for(std::chrono::seconds(1)), std::future_status::ready)
        << "it waits for the thaw";
  }
  unmount.get();
  upper.isRefused(kNoRecord);
}

// Here and in the next case the marker is found in the dcache. What is wrong with its record
// differs: it cannot be read or, on btrfs, is absent or cannot be removed. ovl_volatile_reuse() has
// EINVAL for each of these.
CASE(C5, TheUpperIsShutDownDuringAMountCycle, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  subject.disk.shutDown();
  upper.endsWithoutARecord();
  EXPECT_ERRNO(upper.mount(), EINVAL);
}

CASE(C5, TheUpperIsShutDownBetweenTheMountCycles, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.disk.shutDown();
  EXPECT_ERRNO(upper.mount(), EINVAL);
}

// xfs no longer looks anything up, while ext4 still reads. The layers themselves are in memory.
CASE(C5, AMarkerThatCannotBeLookedUp, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const File upper_directory(upper.upper(), O_RDONLY | O_DIRECTORY);
  const File work_directory(upper.work(), O_RDONLY | O_DIRECTORY);
  subject.disk.shutDown();
  sys::require(File("/proc/sys/vm/drop_caches", O_WRONLY).pwrite("2", 0), "write", "drop_caches");
  const sys::Result result = upper.mount();
  // The refusal because of the marker or, if it cannot be looked up, the error of the lookup
  // (ovl_check_volatile()).
  EXPECT_ERRNO(result, upper.isMarked() ? EINVAL : EIO);
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
