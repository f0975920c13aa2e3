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

TEST(Unable, AKernelWithNoneOfTheFilesystemsIsAnError) {
  TreeResults tree;
  tree.machines = {withoutFilesystem(), withoutFilesystem()};
  mustHaveOneFilesystem(tree);
  for (const MachineResult& machine : tree.machines) {
    EXPECT_EQ(machine.verdict, Verdict::error);
    EXPECT_THAT(machine.detail, HasSubstr("CONFIG_EXT4_FS"));
    EXPECT_THAT(verdictsOf(machine), Each(Verdict::error));
  }
}

TEST(Unable, OneFilesystemIsEnough) {
  TreeResults tree;
  tree.machines = {withoutFilesystem(), MachineResult()};
  mustHaveOneFilesystem(tree);
  EXPECT_EQ(tree.machines.front().verdict, Verdict::skip);
}

}  // namespace
}  // namespace runner
