// SPDX-License-Identifier: GPL-2.0-only
// D: the filesystem gets no memory. One slab allocation of a call after the other fails.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/call_in_thread.h"
#include "conformance/case.h"
#include "conformance/cases/losses.h"
#include "conformance/held_disk.h"
#include "conformance/needs.h"
#include "conformance/quirks.h"
#include "conformance/silent_loss.h"
#include "sys/device_blocks.h"
#include "sys/extents.h"
#include "sys/failing_allocation.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using filesystems::Loss;
using sys::File;
using sys::kBlockBytes;
using sys::Result;

// More than a call makes.
constexpr int kMostAllocations = 100;

// Makes the call while its nth allocation fails. Nothing: it made fewer. Throws SetupError, and
// Skipped if the kernel cannot do that.
std::optional<Result> withoutMemory(FailingDisk& disk, int nth,
                                    const std::function<Result()>& call) {
  if (disk.isDisarmed()) throw sys::SetupError("allocation", "is left alone", 0);
  std::optional<sys::FailingAllocation> allocation;
  needFailingAllocation(allocation, nth);
  const Result result = call();
  if (allocation->left() == 0) return result;
  if (nth == 1) throw sys::SetupError("allocation", "did not fail: there was none", 0);
  return std::nullopt;
}

// How many allocations the call makes. Throws as above.
int allocationsOf(const std::function<void()>& call) {
  constexpr int kMore = 1000;
  std::optional<sys::FailingAllocation> allocation;
  needFailingAllocation(allocation, kMore);
  call();
  return kMore - allocation->left();
}

// Makes the calls while the disk is held, and releases it then. False: they wait for it, which a
// wrong kernel does.
bool whileHeld(HeldDisk& held, const std::function<void()>& calls, CalledFrom = Line::current()) {
  CallInThread thread([&] {
    calls();
    return Result::success();
  });
  const bool end = thread.endsWithin(std::chrono::seconds(5));
  EXPECT_TRUE(end) << "waits for what is in flight";
  held.release();
  (void)thread.result();  // throws what a call has thrown
  return end;
}

// A page that was written while an allocation failed, and what was said of it.
struct Attempt {
  off_t offset;
  std::string page;
  Result again, fsync, syncfs;  // of the fd that was told, and of one that was not
};

// After a remount: whatever ext4 loses is reported to everybody, and nothing else is.
void whatIsLostIsReported(Subject& subject, const std::vector<Attempt>& attempts,
                          CalledFrom = Line::current()) {
  const std::string path = subject.upper().path("data");
  for (std::size_t i = 0; i != attempts.size(); ++i) {
    const Attempt& attempt = attempts[i];
    const std::string when = " when allocation " + std::to_string(i + 1) + " failed";
    if (pageOf(path, attempt.offset) == attempt.page) {
      EXPECT_OK(attempt.again) << when;
      EXPECT_OK(attempt.fsync) << when;
      EXPECT_OK(attempt.syncfs) << when;
    } else {
      EXPECT_FALSE(attempt.fsync.ok()) << when;
      EXPECT_FALSE(attempt.syncfs.ok()) << when;
    }
  }
}

// One allocation of an fsync after the other fails, from the first one on. The write of its page
// ends while fsync still looks at it if nothing has to be copied for it: its neighbours on the disk
// have been written. Then fsync itself converts the extent. Afterwards the page is written again,
// if asked for.
std::vector<Attempt> convertWithoutMemory(Subject& subject, int first, bool again) {
  constexpr off_t kGroup = 4, kPage = kBlockBytes;
  std::vector<Attempt> attempts;
  const File file = subject.open("data"), other = subject.open("data");
  FailingDisk& disk = subject.disk.damaged("one allocation after another fails");
  for (int nth = first; nth <= kMostAllocations; ++nth) {
    const off_t group = kGroup * nth * kPage;
    sys::require(::fallocate(file.descriptor(), 0, group, kGroup * kPage), "fallocate", "data");
    for (const off_t neighbour : {off_t{0}, off_t{1}, off_t{3}}) {
      sys::require(file.pwrite(sys::freshBytes(kBlockBytes), group + neighbour * kPage), "write",
                   "data");
    }
    sys::require(file.fsync(), "fsync", "data");
    const off_t offset = group + 2 * kPage;
    const std::string page = sys::freshBytes(kBlockBytes);
    sys::require(file.pwrite(page, offset), "write", "data");
    if (!withoutMemory(disk, nth, [&] { return file.fsync(); })) return attempts;
    const Result second = file.fsync();
    attempts.push_back({offset, page, second, other.fsync(), other.syncfs()});
    if (!again) continue;
    sys::require(file.pwrite(page, offset), "write again", "data");
    sys::require(file.fsync(), "fsync", "data");
  }
  throw sys::SetupError("fsync", "makes too many allocations", 0);
}

CASE(D2, WhatIsLostForLackOfMemoryIsReported, .loss = Loss::conversion) {
  const std::vector<Attempt> attempts = convertWithoutMemory(subject, 1, false);
  remountBare(subject);
  whatIsLostIsReported(subject, attempts);
}

// Without the first one, fsync tries again itself, a tenth of a second later (do_writepages()).
CASE(D2, WhatIsWrittenAgainAfterALackOfMemoryIsThere, .loss = Loss::conversion) {
  const std::vector<Attempt> attempts = convertWithoutMemory(subject, 2, true);
  if (attempts.empty()) throw sys::SetupError("allocation", "did not fail: there was one only", 0);
  remountBare(subject);
  for (const Attempt& attempt : attempts) {
    EXPECT_TRUE(pageOf(subject.upper().path("data"), attempt.offset) == attempt.page)
        << "at " << attempt.offset;
  }
}

// Each page is as dirty as before, whatever the call returns. The disk is held meanwhile, or else a
// call might convert an extent, too, and lose its page (D2).
CASE(D4, LackOfMemoryIsNoLoss, .loss = Loss::allocation) {
  constexpr off_t kStep = 2 * kBlockBytes;
  const auto offset = [](int nth) { return static_cast<off_t>(kDataBytes) + nth * kStep; };
  const std::string path = subject.upper().path("data"), page = sys::freshBytes(kBlockBytes);
  int nth = 0;
  {
    const File file = subject.open("data"), other = subject.open("data"), bare(path);
    EXPECT_OK(file.pwrite(page, offset(nth)));
    EXPECT_OK(file.fsync());  // reads what the others need, too
    FailingDisk& disk = subject.disk.damaged("one allocation after another fails");
    HeldDisk held(disk);
    whileHeld(held, [&] {
      while (nth != kMostAllocations) {
        EXPECT_OK(file.pwrite(page, offset(++nth)));
        const auto result = withoutMemory(disk, nth, [&] {
          return Result::ofCall(::sync_file_range(bare.descriptor(), offset(nth), kBlockBytes,
                                                  SYNC_FILE_RANGE_WRITE));
        });
        if (!result) return;
        EXPECT_TRUE(result->ok() || result->error() == ENOMEM) << *result;
      }
    });
    for (const File* fd : {&file, &other}) {
      EXPECT_OK(fd->fsync());
      EXPECT_OK(fd->syncfs());
    }
  }
  remountBare(subject);
  for (; nth != 0; --nth) EXPECT_TRUE(pageOf(path, offset(nth)) == page) << "at " << offset(nth);
}

// Of three pages, the first gets no block for good, and the last, which has one, no memory for now:
// ext4 tries again, and does not give it up with the first. The one between them is clean, or else
// the scan for the first would end at the last.
CASE(D1, WhatHasABlockIsWrittenWithMemory, .subjects = {SubjectKind::plain},
     .loss = Loss::allocation) {
  constexpr off_t kPage = kBlockBytes, kLast = 2 * kPage, kThree = 3 * kPage;
  constexpr int kThrees = 16;  // more than allocations for the last
  const std::string path = subject.upper().path("threes"), kept = sys::freshBytes(kBlockBytes);
  SilentLoss loss(subject, Loss::allocation);
  {
    const File bare(path, O_RDWR | O_CREAT);
    sys::require(::fallocate(bare.descriptor(), 0, 0, kThrees * kThree), "fallocate", path);
    const sys::SectorRange blocks = sys::firstUnwrittenExtent(bare, path);
    for (off_t first = 0; first != kThrees * kThree; first += kThree) {
      punchHole(bare, first, path);
    }
    loss.settle();
    const File file = subject.open("threes"), other = subject.upper().open("other");
    for (int nth = 0; nth != kThrees; ++nth) {
      EXPECT_OK(file.pwrite(kept, nth * kThree));
      EXPECT_OK(file.pwrite(kept, nth * kThree + kLast));
    }
    loss.writeBackUnderDamage([&] {
      FailingDisk& disk = subject.disk.damaged("one allocation after another fails");
      const auto writeBack = [&](int number, off_t bytes) {
        return Result::ofCall(
            ::sync_file_range(bare.descriptor(), number * kThree, bytes, SYNC_FILE_RANGE_WRITE));
      };
      EXPECT_OK(writeBack(0, kPage));  // reads the bitmap
      // Those for a page without a block come first.
      const int before = allocationsOf([&] { EXPECT_OK(writeBack(1, kPage)); });
      bool more = true;
      for (int number = 2; more && number != kThrees; ++number) {
        // Without space, ext4 has begun to commit, for which it writes these blocks, too; the next
        // call would wait for that.
        sys::require(::fchmod(other.descriptor(), number % 2 == 0 ? 0600 : 0644), "chmod", "other");
        sys::require(other.fsync(), "fsync", "other");
        HeldDisk held(disk, blocks);
        const bool end = whileHeld(held, [&] {
          const auto attempt = [&] { return writeBack(number, kThree); };
          more = withoutMemory(disk, before + number - 1, attempt).has_value();
        });
        more = more && end;
      }
    });
    EXPECT_FALSE(file.fsync().ok());
    EXPECT_OK(file.fsync());
  }
  remountBare(subject);
  for (off_t first = 0; first != kThrees * kThree; first += kThree) {
    EXPECT_FALSE(pageOf(path, first) == kept) << "at " << first;
    EXPECT_TRUE(pageOf(path, first + kLast) == kept) << "after " << first;
  }
}

bool isReadOnly(const std::string& path) {
  struct statvfs status {};
  sys::require(::statvfs(path.c_str(), &status), "statvfs", path);
  return (status.f_flag & ST_RDONLY) != 0;
}

// Renames a file until the lack of memory makes btrfs give up the transaction: that is no EIO, and
// not in a commit. The data has been written; what says where is in the transaction.
void renameWithoutMemory(Subject& subject, SilentLoss& loss) {
  const std::string from = subject.upper().path("victim"), to = from + "-renamed";
  FailingDisk& disk = subject.disk.damaged("one allocation after another fails");
  subject.upper().open("victim", O_RDWR | O_CREAT);
  loss.dirty();
  const File data = subject.upper().open("data");
  constexpr unsigned kAll = SYNC_FILE_RANGE_WRITE_AND_WAIT;
  sys::require(::sync_file_range(data.descriptor(), 0, 0, kAll), "write back", "data");
  // Waits until btrfs has entered the extent, and changes nothing.
  sys::require(::fallocate(data.descriptor(), FALLOC_FL_KEEP_SIZE, loss.offset(), kBlockBytes),
               "fallocate in", "data");
  for (int nth = 1; !isReadOnly(subject.upper().path("")); ++nth) {
    // Copies the blocks of the tree. Without memory for that, btrfs warns of its own accounting.
    sys::require(::rename(from.c_str(), to.c_str()), "rename", from);
    const auto back = withoutMemory(
        disk, nth, [&] { return Result::ofCall(::rename(to.c_str(), from.c_str())); });
    if (!back) throw sys::SetupError("rename", "is never without memory for a transaction", 0);
    if (!back->ok()) ::rename(to.c_str(), from.c_str());
  }
}

CASE(D3, EveryKindOfFdReportsAnAbortOutsideACommit, .loss = Loss::transaction) {
  constexpr auto kWarns = filesystems::quirk::warns_without_memory;
  const std::vector<filesystems::Quirk>& quirks = subject.filesystem().quirks;
  if (mayHaveQuirk(quirks, kWarns)) skipFor(quirks, kWarns);
  everyKindReports(subject, {subject, Loss::transaction},
                   [&](SilentLoss& loss) { renameWithoutMemory(subject, loss); });
}

}  // namespace
}  // namespace conformance
