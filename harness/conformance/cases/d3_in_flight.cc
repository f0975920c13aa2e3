// SPDX-License-Identifier: GPL-2.0-only
// D3: data that is being written when btrfs gives up a transaction.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "conformance/case.h"
#include "conformance/silent_loss.h"
#include "sys/btrfs.h"
#include "sys/device_blocks.h"
#include "sys/setup_error.h"
#include "sys/waiting.h"

namespace conformance {
namespace {

using filesystems::Loss;
using sys::File;

// The states of the threads that commit: "S". Throws SetupError.
std::string statesOfCommitters() {
  std::string states;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string stat;  // "17 (btrfs-transacti) S 2 0"
    if (!std::getline(file, stat) || stat.find("(btrfs-transacti") == std::string::npos) continue;
    states += stat.at(stat.rfind(')') + 2);
  }
  return states;
}

// Nobody may wake the thread that commits (5.10): it looks by itself in this interval.
constexpr const char* kLooksOften = "commit=2";

// The thread gives up the extents in flight, and then waits for them, in
// btrfs_cleanup_transaction(). Throws SetupError (ETIMEDOUT).
void waitUntilTheCommitterWaits() {
  sys::waitUntil([] { return statesOfCommitters().find('D') != std::string::npos; },
                 std::chrono::seconds(15), "btrfs-transaction",
                 "does not wait for what is in flight");
}

// Its page is written, but the extent that the page is in is given up with the transaction.
void losesAPageInFlight(Subject& subject, const File& file, const std::string& page, off_t offset,
                        CalledFrom = Line::current()) {
  const File bare = subject.upper().open("data");
  const File other = subject.upper().open("other");
  subject.mount.remountUpperWith(kLooksOften);
  EXPECT_OK(file.pwrite(page, offset));
  // With that transaction, the file's attributes are on the disk: fsync has nothing more to log.
  EXPECT_OK(sys::commitTransaction(bare));
  Fault fault = subject.disk.breakMetadata();
  HeldDisk held = subject.disk.hold(Held::what_works);
  sys::require(::sync_file_range(bare.descriptor(), 0, 0, SYNC_FILE_RANGE_WRITE),
               "start writeback of", "data");
  sys::require(::fchmod(other.descriptor(), 0640), "fchmod", "other");
  EXPECT_FALSE(sys::commitTransaction(other).ok());
  waitUntilTheCommitterWaits();
  held.release();
  fault.heal();
}

// Where fsync has something to log after all (5.10), btrfs refuses that again and again.
void isTold(const File& file, CalledFrom = Line::current()) {
  const sys::Result first = file.fsync();
  EXPECT_FALSE(first.ok());
  if (first.error() == EROFS) return;
  EXPECT_ERRNO(first, EIO);
  const sys::Result second = file.fsync();
  if (second.error() == EROFS) return;
  EXPECT_OK(second);
}

void everyFdsFsyncReportsAPageInFlight(Subject& subject, off_t offset,
                                       CalledFrom = Line::current()) {
  const std::string page = sys::freshBytes(sys::kBlockBytes);
  {
    const File first = subject.open("data"), second = subject.open("data", O_RDONLY);
    const File recorded = subject.upper().open("data", O_RDONLY);
    losesAPageInFlight(subject, first, page, offset);
    // It asks the VFS only.
    EXPECT_ERRNO(sys::Result::ofCall(
                     ::sync_file_range(recorded.descriptor(), 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE)),
                 EIO);
    isTold(first);
    isTold(second);
  }
  mustBeOnNoDisk(subject, offset, page);
}

CASE(D3, EveryFdsFsyncReportsAPageInFlight, .loss = Loss::transaction) {
  everyFdsFsyncReportsAPageInFlight(subject, 0);
}

// Its extent is there before, and stays unwritten.
CASE(D3, EveryFdsFsyncReportsAPreallocatedPageInFlight, .loss = Loss::transaction) {
  const std::string path = subject.upper().path("data");
  sys::require(::fallocate(File(path).descriptor(), 0, kDataBytes, sys::kBlockBytes),
               "fallocate in", path);
  everyFdsFsyncReportsAPageInFlight(subject, kDataBytes);
}

}  // namespace
}  // namespace conformance
