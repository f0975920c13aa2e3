// SPDX-License-Identifier: GPL-2.0-only
// D4: what is not lost, or what its caller is told, is not recorded.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>

#include "conformance/call_in_thread.h"
#include "conformance/case.h"
#include "conformance/cases/losses.h"
#include "conformance/silent_loss.h"
#include "conformance/workspace.h"
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

// Preallocates a file until nothing is free. Throws SetupError.
void fillUp(Subject& subject, const std::string& name) {
  const std::string path = subject.upper().path(name);
  // The blocks that ext4 keeps for itself would serve the page that must not find one.
  const std::string node = subject.disk.node();
  const std::string reserved = "/sys/fs/ext4" + node.substr(node.rfind('/')) + "/reserved_clusters";
  const File setting(reserved, O_WRONLY);
  sys::require(setting.pwrite("0", 0), "write", reserved);
  const File file = subject.upper().open(name, O_RDWR | O_CREAT);
  off_t end = 0;
  for (off_t step = 1 << 20; step >= static_cast<off_t>(sys::kBlockBytes);) {
    const auto result = sys::Result::ofCall(::fallocate(file.descriptor(), 0, end, step));
    if (!result.ok() && result.error() != ENOSPC) sys::require(result, "fallocate", path);
    result.ok() ? end += step : step /= 2;
  }
  sys::require(file.fsync(), "fsync", path);
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
  loss.writeBackUnderDamage([&] { EXPECT_FALSE(writeDirect(direct, loss.offset()).ok()); });
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
