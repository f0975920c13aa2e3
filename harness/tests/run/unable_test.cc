// SPDX-License-Identifier: GPL-2.0-only
// Kernels on which no case can run, told as what they are.
#include "runner/run/unable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_directory.h"
#include "tests/support/session_script.h"

namespace runner {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Unable, WhatTheGuestSaysOnTheConsoleIsRead) {
  const ScratchDirectory scratch;
  const auto log = scratch.write(
      "console.log",
      "[    1.0] Run /init as init process\novl-syncfs: unable: no overlay (CONFIG_OVERLAY_FS)\n"
      "ovl-syncfs: unable: no channel (CONFIG_VIRTIO_CONSOLE)\n");
  EXPECT_THAT(unableOnConsole(log),
              ElementsAre("no overlay (CONFIG_OVERLAY_FS)", "no channel (CONFIG_VIRTIO_CONSOLE)"));
  EXPECT_THAT(unableOnConsole(scratch / "missing"), IsEmpty());
}

TEST(Unable, AKernelThatDoesNotStartTheGuestLacksAnOption) {
  const ScratchDirectory scratch;
  EXPECT_THAT(unableOnConsole(scratch.write("one",
                                            "Kernel panic - not syncing: VFS: Unable to "
                                            "mount root fs on unknown-block(0,0)\n")),
              ElementsAre(HasSubstr("CONFIG_BLK_DEV_INITRD")));
  EXPECT_THAT(unableOnConsole(scratch.write("two", "Failed to execute /init (error -8)\n")),
              ElementsAre(HasSubstr("CONFIG_BINFMT_ELF")));
  EXPECT_THAT(unableOnConsole(scratch.write("three",
                                            "Kernel panic - not syncing: Attempted to "
                                            "kill init!\n")),
              IsEmpty());
}

MachineResult withoutFilesystem() {
  return runScript([](qemu::Listener& listener) {
    say(listener,
        {hello(3), R"~({"event":"note","what":"a module does not load"})~",
         R"~({"event":"unable","what":"no ext4 (CONFIG_EXT4_FS)","scope":"filesystem"})~"});
    return ended(qemu::EndKind::finished);
  });
}

TEST(Unable, AFilesystemThatTheKernelLacksIsSkipped) {
  const MachineResult result = withoutFilesystem();
  EXPECT_EQ(result.verdict, Verdict::skip);
  EXPECT_EQ(result.detail, "no ext4 (CONFIG_EXT4_FS)");
  EXPECT_THAT(result.notes, ElementsAre("a module does not load"));
  EXPECT_THAT(verdictsOf(result), Each(Verdict::skip));
  EXPECT_EQ(result.cases.size(), 3u);
}

TreeResults treeOf(std::vector<MachineResult> machines) {
  TreeResults tree;
  KernelIdentity kernel;
  kernel.release = "6.1.0";
  kernel.source = "vmlinuz-6.1.0";
  tree.kernels = {kernel};
  tree.machines = std::move(machines);
  return tree;
}

TEST(Unable, NothingRanOnAKernelWithNoneOfTheFilesystems) {
  MachineResult other = withoutFilesystem();
  other.lacks = {"xfs (CONFIG_XFS_FS)"};
  const auto failure = whyNothingRan(treeOf({withoutFilesystem(), other}));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->status, ExitStatus::error);
  EXPECT_THAT(failure->what, StartsWith("no case can run on Linux 7.3.4 of vmlinuz-6.1.0, which "
                                        "lacks:\n  no ext4 (CONFIG_EXT4_FS)\n"
                                        "  xfs (CONFIG_XFS_FS)\n"));
}

TEST(Unable, OneListSaysWhatAllMachinesLack) {
  MachineResult machine;
  machine.verdict = Verdict::error;
  machine.total = std::chrono::seconds(1);
  machine.lacks = {"overlayfs (CONFIG_OVERLAY_FS)", "device-mapper (CONFIG_BLK_DEV_DM)"};
  MachineResult without_mkfs;
  without_mkfs.verdict = Verdict::skip;
  const auto failure = whyNothingRan(treeOf({machine, without_mkfs, machine}));
  ASSERT_TRUE(failure);
  EXPECT_THAT(failure->what, StartsWith("no case can run on Linux 6.1.0 of vmlinuz-6.1.0, which "
                                        "lacks:\n  overlayfs (CONFIG_OVERLAY_FS)\n"
                                        "  device-mapper (CONFIG_BLK_DEV_DM)\nIts console"));
  // What happened to a machine besides is a result.
  machine.verdict = Verdict::panic;
  EXPECT_FALSE(whyNothingRan(treeOf({machine, without_mkfs})));
}

TEST(Unable, OneFilesystemIsEnough) {
  EXPECT_FALSE(whyNothingRan(treeOf({withoutFilesystem(), MachineResult()})));
  MachineResult without_mkfs;
  without_mkfs.verdict = Verdict::skip;
  EXPECT_FALSE(whyNothingRan(treeOf({without_mkfs})));
  EXPECT_FALSE(whyNothingRan(treeOf({})));
}

}  // namespace
}  // namespace runner
