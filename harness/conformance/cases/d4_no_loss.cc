// SPDX-License-Identifier: GPL-2.0-only
// D4: what is not lost, or what its caller is told, is not recorded.
#include <fcntl.h>
#include <unistd.h>

#include <optional>

#include "conformance/call_in_thread.h"
#include "conformance/case.h"
#include "conformance/cases/losses.h"
#include "conformance/silent_loss.h"
#include "sys/device_blocks.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using filesystems::Loss;
using sys::File;

CASE(D4, WhatWasTruncatedIsNotLost, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  const File file = subject.open("data");
  loss.dirty();
  loss.writeBackUnderDamage([&] {
    EXPECT_EQ(::ftruncate(file.descriptor(), loss.offset()), 0);
    syncEverything();
  });
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

CASE(D4, WhatWasRemovedIsNotLost, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  loss.dirty();
  const File directory = subject.open("upper-dir", O_RDONLY);
  loss.writeBackUnderDamage([&] {
    sys::require(::unlink(subject.path("data").c_str()), "unlink", subject.path("data"));
    syncEverything();
  });
  EXPECT_OK(directory.syncfs());
}

// What is freed can be allocated again only after the transaction that frees it: ext4 tries again.
CASE(D4, NoSpaceUntilACommitIsNoLoss, .loss = Loss::allocation) {
  const File file = subject.open("data");
  fillUp(subject, "filler");
  const off_t end = static_cast<off_t>(kDataBytes + 2 * sys::kBlockBytes);
  EXPECT_EQ(::ftruncate(file.descriptor(), end), 0);
  sys::require(::unlink(subject.upper().path("filler").c_str()), "unlink", "filler");
  EXPECT_OK(file.pwrite(sys::freshBytes(sys::kBlockBytes), kDataBytes));
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

sys::Result writeDirect(const File& file, off_t offset) {
  alignas(sys::kBlockBytes) static constexpr char kPage[sys::kBlockBytes] = {};
  return file.pwrite({kPage, sizeof(kPage)}, offset);
}

CASE(D4, ADirectWriteTellsItsCallerAlone, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  const File file = subject.open("data");
  const File direct = subject.open("data", O_RDWR | O_DIRECT);
  loss.settle();
  loss.writeBackUnderDamage([&] { EXPECT_ERRNO(writeDirect(direct, loss.offset()), ENOSPC); });
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

CASE(D4, ADirectWriteThatIsNotConvertedTellsItsCallerAlone, .loss = Loss::conversion) {
  SilentLoss loss(subject, Loss::conversion);
  const File file = subject.open("data");
  const File direct = subject.open("data", O_RDWR | O_DIRECT);
  loss.settle();
  std::optional<CallInThread> call;
  const auto start = [&] {
    call.emplace([&] { return writeDirect(direct, loss.offset()); });
    EXPECT_TRUE(call->waits());
  };
  loss.convertUnderDamage(start, [&] { EXPECT_FALSE(call->result().ok()); });
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

}  // namespace
}  // namespace conformance
