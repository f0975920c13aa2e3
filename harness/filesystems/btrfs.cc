// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/filesystem.h"

namespace filesystems {

Filesystem btrfs() {
  return {
      .name = "btrfs",
      .type = "btrfs",
      // Small nodes: each is checksummed as a whole for the few items that a case changes. The
      // block group tree is on by default in later versions, and mounted from Linux 6.1 on; some
      // versions were built without it.
      .mkfs = {.program = "mkfs.btrfs",
               .package = "btrfs-progs",
               .bytes = 256u << 20,
               .options = {{{"-q", "-f", "-K", "-U", kUuid, "-d", "single", "-m", "single", "-n",
                             "4096", "-s", "4096"}},
                           {.words = {"-O", "^block-group-tree"}, .feature = "block-group-tree"}}},
      .config = "CONFIG_BTRFS_FS",
      .module = "btrfs",
      .acl_config = "CONFIG_BTRFS_FS_POSIX_ACL",
      .mount_options = "commit=300",  // seconds
      .data_place = DataPlace::any_chunk,
      .error_record = ErrorRecord::ordered_extents,
      .device_memory = DeviceMemory::btrfs_control,
      .losses = {Loss::transaction},
      .quirks =
          {
              {.id = "no-block-device",
               .what = "a btrfs can span several devices, and its superblock names none",
               .reason = "btrfs names no block device for syncfs to write back",
               .skips = {"A12.ErrorOfTheBlockDeviceIsReturned",
                         "A12.TheErrorOfTheSyncWinsAndTheCursorAdvances"},
               .probe = Probe::always,
               .in_the_suite = "two cases of A12 skip on btrfs"},
              // An ordered extent only remembers that it has failed, and records EIO when it ends.
              // With several requests, that can be before or after the disk's error for another
              // one.
              {.id = quirk::other_errno,
               .what = "btrfs records EIO beside the error of its disk when an ordered extent ends",
               .reason = "btrfs records EIO beside the error of its disk, in no fixed order",
               .skips = casesOfTheErrno(),
               .probe = Probe::always,
               .in_the_suite = "A14, one case of B5 and a part of A12 and V6 skip on btrfs"},
              {.id = quirk::no_shutdown,
               .what = "btrfs cannot be shut down",
               .reason = "btrfs cannot be shut down here",
               .skips = {"A12.ShutDownFilesystemAnswersAsPlain",
                         "A12.RecordedErrorAndShutDownAnswerAsPlain", "A17.FsyncWritesLazyTimes",
                         "V4.UpperThatWasShutDownIsNoError"},
               .probe = Probe::in_the_case,
               .gone_in = {7, 1},
               .commit = "6b1ac78dd0f2 (\"btrfs: implement shutdown ioctl\"), 6.19 with "
                         "CONFIG_BTRFS_EXPERIMENTAL; 41e706c07ef9 (\"btrfs: enable shutdown ioctl "
                         "for non-experimental builds\"), 7.1",
               .in_the_suite = "the cases with a shutdown skip on btrfs"},
              {.id = "nameless-files-unsynced",
               .what = "btrfs writes nothing for fsync of a file without a name "
                       "(`btrfs_log_inode_parent()`)",
               .reason = "btrfs of this release writes nothing for a file without a name",
               .skips = {"V5.FsyncStrictSyncsMetadataAtCopyUp"},
               .probe = Probe::fsync_of_nameless,
               .gone_in = {6, 16},
               .commit = "5e85262e542d (\"btrfs: fix fsync of files with no hard links not "
                         "persisting deletion\"), 6.16",
               .in_the_suite = "one case of V5 skips on btrfs"},
              {.id = quirk::warns_without_memory,
               .what = "btrfs prints a stack trace if it aborts a transaction for lack of memory "
                       "(`btrfs_abort_transaction()`)",
               .reason = "btrfs of this release warns of a transaction that is aborted for lack of "
                         "memory",
               .skips = {"D3.EveryKindOfFdReportsAnAbortOutsideACommit"},
               .gone_in = {6, 1},
               .commit =
                   "8bb808c6ad91 (\"btrfs: don't print stack trace when transaction is aborted due "
                   "to ENOMEM\"), 6.1",
               .in_the_suite = "one case of D3 skips"},
          },
  };
}

}  // namespace filesystems
