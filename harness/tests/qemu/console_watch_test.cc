// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/console_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace qemu {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kStamp = "[    1.234567] ";

ConsoleWatch watched(std::initializer_list<const char*> messages) {
  ConsoleWatch watch(10);
  for (const char* message : messages) watch.line(std::string(kStamp) + message);
  return watch;
}

class Splat : public testing::TestWithParam<const char*> {};

TEST_P(Splat, IsSeen) {
  EXPECT_THAT(watched({GetParam()}).splats(), ElementsAre(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    All, Splat,
    testing::Values(
        "WARNING: CPU: 0 PID: 77 at fs/overlayfs/super.c:123 ovl_sync_fs+0x1c/0x40",
        "WARNING: fs/overlayfs/super.c:123 at ovl_sync_fs+0x1c/0x40, CPU#0: init/1",
        "WARNING: possible circular locking dependency detected",
        "WARNING: bad unlock balance detected!", "WARNING: lock held when returning to user space!",
        "WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected",
        "BUG: MAX_LOCKDEP_ENTRIES too low!", "WARNING: possible recursive locking detected",
        "WARNING: suspicious RCU usage", "WARNING: inconsistent lock state",
        "INFO: suspicious RCU usage",
        "BUG: kernel NULL pointer dereference, address: 0000000000000010",
        "BUG: unable to handle page fault for address: ffffc90000000000",
        "BUG: KASAN: slab-use-after-free in errseq_check+0x12/0x30",
        "BUG: sleeping function called from invalid context at mm/slab.h:321",
        "BUG: scheduling while atomic: init/1/0x00000002",
        "BUG kmalloc-64 (Not tainted): Right Redzone overwritten",
        "BUG: Dentry 00000000a1b2c3d4{i=2,n=/}  still in use (1) [unmount of ext4 dm-0]",
        "[ BUG: Invalid wait context ]", "kernel BUG at fs/ext4/inode.c:2744!",
        "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [init:1]",
        "KASAN: null-ptr-deref in range [0x0000000000000010-0x0000000000000017]",
        "UBSAN: array-index-out-of-bounds in fs/btrfs/ctree.c:10:5",
        "Oops: general protection fault, probably for non-canonical address 0xdead000000000100",
        "Oops: 0000 [#1] PREEMPT SMP NOPTI", "general protection fault: 0000 [#1] SMP",
        "general protection fault, probably for non-canonical address 0xdead000000000100",
        "divide error: 0000 [#1] SMP", "INFO: task init:1 blocked for more than 122 seconds.",
        "rcu: INFO: rcu_sched self-detected stall on CPU",
        "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:"));

class Lookalike : public testing::TestWithParam<const char*> {};

TEST_P(Lookalike, IsNone) {
  const ConsoleWatch watch = watched({GetParam()});
  EXPECT_THAT(watch.splats(), IsEmpty());
  EXPECT_FALSE(watch.panic());
}

INSTANTIATE_TEST_SUITE_P(
    All, Lookalike,
    testing::Values(
        "EXT4-fs warning (device dm-0): ext4_end_bio:342: I/O error 10 writing to inode 12",
        "BTRFS warning (device dm-0): lost page write due to IO error on /dev/dm-0 (-5)",
        "Buffer I/O error on dev dm-0, logical block 8, lost async page write",
        "XFS (dm-0): writeback error on inode 131, offset 0, sector 128",
        "overlayfs: WARNING-free mount of upper", "Warning: unable to open an initial console.",
        "WARNING: Flushing system-wide workqueues will be prohibited in near future.",
        "traps: init[77] general protection fault ip:401000 sp:7ffc error:0 in init[401000+1000]",
        "init[77]: segfault at 0 ip 0000000000401000 sp 00007ffc error 4",
        "INFO: lockdep is turned off.", "rcu: INFO: nothing to see here",
        "task init:1 blocked for more than a moment", "DEBUG: Oops, no", "Oopsie",
        "debug: BUG: in the middle of a line", "Kernel panic is what we hope to avoid",
        "Kernel command line: panic=-1 BUG: WARNING: -- pass", "KASAN is not enabled",
        // Messages that a debug kernel prints at boot.
        "kasan: KernelAddressSanitizer initialized (generic)",
        "KernelAddressSanitizer initialized (generic)",
        "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar",
        "... MAX_LOCKDEP_SUBCLASSES:  8", " memory used by lock dependency info: 6365 kB",
        " per task-struct memory footprint: 2688 bytes", "rcu: RCU lockdep checking is enabled.",
        "Running RCU synchronous self tests"));

TEST(ConsoleWatch, KeepsThePanicAndNotItsEcho) {
  const ConsoleWatch watch =
      watched({"Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000300",
               "CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 7.3.4 #1",
               "Kernel panic - not syncing: and again"});
  EXPECT_EQ(watch.panic(),
            "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000300");
  EXPECT_THAT(watch.splats(), IsEmpty());
}

TEST(ConsoleWatch, SeesAPanicFromBeforeThereIsAClock) {
  ConsoleWatch watch(10);
  watch.line("PANIC: early exception 0x0e IP 10:ffffffff81000000 error 0 cr2 0x0");
  EXPECT_TRUE(watch.panic());
}

TEST(ConsoleWatch, CountsOneOopsOnce) {
  EXPECT_THAT(watched({"BUG: kernel NULL pointer dereference, address: 0000000000000010",
                       "#PF: supervisor read access in kernel mode", "PGD 0 P4D 0",
                       "Oops: Oops: 0000 [#1] SMP NOPTI", "RIP: 0010:errseq_check+0x4/0x20",
                       "---[ end trace 0000000000000000 ]---"})
                  .splats(),
              ElementsAre("BUG: kernel NULL pointer dereference, address: 0000000000000010"));
}

TEST(ConsoleWatch, CountsOneCorruptListOnce) {
  EXPECT_THAT(watched({"------------[ cut here ]------------",
                       "list_add corruption. next->prev should be prev (6080), but was 00dead00.",
                       "WARNING: lib/list_debug.c:29 at __list_add_valid_or_report+0x8a/0xa0"})
                  .splats(),
              ElementsAre("WARNING: lib/list_debug.c:29 at __list_add_valid_or_report+0x8a/0xa0"));
}

TEST(ConsoleWatch, CountsTwoWarningsTwice) {
  EXPECT_EQ(watched({"WARNING: CPU: 0 PID: 1 at a.c:1 a+0x1/0x2",
                     "WARNING: CPU: 0 PID: 1 at b.c:1 b+0x1/0x2"})
                .splats()
                .size(),
            2u);
}

TEST(ConsoleWatch, DoesNotGrowWithoutEnd) {
  ConsoleWatch watch(10);
  for (int count = 0; count < 1000; ++count) {
    watch.line("[    1.000000] WARNING: CPU: 0 PID: 1 at a.c:1 a+0x1/0x2");
  }
  EXPECT_EQ(watch.splats().size(), ConsoleWatch::kSplatLimit);
  EXPECT_EQ(watch.tail().size(), 10u);
}

TEST(ConsoleWatch, IgnoresWhatProgramsPrint) {
  ConsoleWatch watch(10);
  watch.line("WARNING: this comes from a program");
  watch.line("BUG: and this as well");
  EXPECT_THAT(watch.splats(), IsEmpty());
}

TEST(ConsoleWatch, FindsTheKernelBehindAnOpenLineOfAProgram) {
  ConsoleWatch watch(10);
  watch.line("loading[..] [   12.000001] BUG: KASAN: out-of-bounds in f+0x1/0x2");
  EXPECT_THAT(watch.splats(), ElementsAre("BUG: KASAN: out-of-bounds in f+0x1/0x2"));
}

TEST(ConsoleWatch, ReadsLinesWithTheirCaller) {
  ConsoleWatch watch(10);
  watch.line("[   12.000001][   T77] UBSAN: shift-out-of-bounds in a.c:1:2");
  watch.line("[   12.000002] [    C1] BUG: scheduling while atomic: a/1/2");
  EXPECT_EQ(watch.splats().size(), 2u);
}

TEST(ConsoleWatch, TellsPowerOffFromRestart) {
  EXPECT_TRUE(watched({"reboot: Power down"}).poweredOff());
  EXPECT_FALSE(watched({"reboot: Power down"}).restarted());
  EXPECT_TRUE(watched({"reboot: Restarting system"}).restarted());
  EXPECT_FALSE(watched({"ACPI: PM: Preparing to enter system sleep state S5"}).poweredOff());
}

TEST(ConsoleWatch, KeepsTheLastLines) {
  ConsoleWatch watch(2);
  for (const char* line : {"a", "b", "c"}) watch.line(line);
  EXPECT_THAT(watch.tail(), ElementsAre("b", "c"));
}

TEST(KernelMessage, NeedsAWholeTimeStamp) {
  EXPECT_EQ(kernelMessage("[    0.000000] hello"), "hello");
  EXPECT_EQ(kernelMessage("<6>[12345.678901] hello"), "hello");
  EXPECT_EQ(kernelMessage("[    0.000000] "), "");
  EXPECT_FALSE(kernelMessage("[    0.00] hello"));
  EXPECT_FALSE(kernelMessage("[  OK  ] hello"));
  EXPECT_FALSE(kernelMessage("[12"));
  EXPECT_FALSE(kernelMessage(""));
}

}  // namespace
}  // namespace qemu
