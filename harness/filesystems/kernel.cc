// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/registry.h"

namespace filesystems {

const std::vector<Quirk>& kernelQuirks() {
  // The cases that mount an overlay in a user namespace.
  static const std::vector<std::string> overlays_of_users = {
      "A19.*OverlayInAUserNamespace",           "B2.AnOverlayInAUserNamespaceFails",
      "C3.AMountInAUserNamespaceUsesTheUpper",  "C4.*MayNotBeSearched*",
      "C4.AMarkerThatMayOnlyBeListed",          "C7.InAUserNamespace*",
      "C7.AnAttemptThatIsRefusedChangesNothing"};
  static const std::vector<Quirk> quirks = {
      // mark_buffer_write_io_error() of 6.1 and before looks up the superblock on the device.
      {.id = "block-device-errors",
       .what = "an error of the block device's own pages is recorded in the superblock on it "
               "(`mark_buffer_write_io_error()`)",
       .reason = "",
       .gone_in = {6, 6},
       .commit = "4b2201dad267 (\"fs: stop using bdev->bd_super in mark_buffer_write_io_error\"), "
                 "6.6",
       .in_the_suite = "A12 compares with the bare filesystem"},
      {.id = "volatile-sets-errseq",
       .what = "a volatile overlay sets its own errseq when it is synced after an error",
       .reason = "",
       .gone_in = {6, 12},
       .commit = "34b4540e6646 (\"ovl: don't set the superblock's errseq_t manually\"), 6.12",
       .in_the_suite = "no case differs: the word is the overlay's own"},
      {.id = quirk::no_tmpfile,
       .what = "no O_TMPFILE on an overlay",
       .reason = "overlayfs of this kernel has no O_TMPFILE",
       .skips = {"A7.TemporaryFile*", "A8.*TemporaryFile*", "B2.*TemporaryFile*",
                 "B4.*TemporaryFile*", "B6.*TemporaryFile*", "A17.*TemporaryFile*"},
       .gone_in = {6, 10},
       .commit = "9a87907de359 (\"ovl: implement tmpfile\"), 6.10",
       .in_the_suite = "some cases of A7, A8, A17, B2, B4 and B6 skip"},
      {.id = "no-data-only-layers",
       .what = "no data-only lower layers",
       .reason = "overlayfs of this kernel has no data-only layers",
       .skips = {"A7.FileWhoseDataIsInADataOnlyLayerReportsOnce",
                 "B2.OpenOfAFileWithoutItsDataFindsTheError"},
       .probe = Probe::mount_data_only_layer,
       .gone_in = {6, 5},
       .commit = "37ebf056d6cf (\"ovl: introduce data-only lower layers\"), 6.5",
       .in_the_suite = "one case of A7 and one of B2 skip"},
      {.id = quirk::hidden_attributes,
       .what = "the attributes of overlayfs (`trusted.overlay.*`) cannot be read through it",
       .reason = "overlayfs of this kernel hides its own attributes",
       .skips = {"B2.AnAttributeOfOverlayfsItselfFindsTheError"},
       .gone_in = {6, 7},
       .commit = "dad02fad84cb (\"ovl: Support escaped overlay.* xattrs\"), 6.7",
       .in_the_suite = "one case of B2 skips"},
      {.id = quirk::no_fsync_option,
       .what = "no mount option `fsync=`, and /proc/mounts says `volatile`",
       .reason = "this kernel has no mount option fsync=",
       .skips = {"V5.Fsync*", "A1.WithEveryFsyncOptionThatSyncs",
                 "C1.TheOptionMayBeWrittenInAnotherWay"},
       .gone_in = {7, 0},
       .backported = {{6, 12}},
       .commit = "1f6ee9be92f8 (\"ovl: make fsync after metadata copy-up opt-in mount option\"), "
                 "7.0, and as a backport in 6.12.80",
       .in_the_suite = "most of V5 and one case of A1 skip"},
      {.id = quirk::no_failstop_option,
       .what = "no mount option `fsync=volatile-failstop`",
       .reason = "this kernel has no mount option fsync=volatile-failstop",
       .skips = {"V5.FsyncVolatileFailstopIsVolatile", "B6.APlainVolatileOverlayGoesOn"},
       .probe = Probe::mount_failstop,
       .in_the_suite =
           "the cases of B mount `volatile`, and one case of V5 and one of B6 skip. The "
           "draft `patches/mainline/b-opt-in` adds the option"},
      {.id = quirk::no_idmapped_overlay,
       .what = "no idmapped mounts of an overlay",
       .reason = "this kernel has no idmapped mounts of an overlay",
       .skips = {"A19.IdmappedMountOfTheSubject"},
       .gone_in = {7, 3},
       .commit = "adedb6a00a1e (\"ovl: allow idmapping overlay mounts\"), 7.3",
       .in_the_suite = "one case of A19 skips"},
      {.id = "no-userxattr",
       .what = "no mount option `userxattr`",
       .reason = "overlayfs of this kernel has no mount option userxattr",
       .skips = {"C7.UserxattrIsNeverUsedAgain"},
       .probe = Probe::mount_userxattr,
       .gone_in = {5, 11},
       .commit = "2d2f2d7322ff (\"ovl: user xattr\"), 5.11",
       .in_the_suite = "one case of C7 skips, if it is run there at all"},
      {.id = "no-overlay-in-userns",
       .what = "no overlay in a user namespace",
       .reason = "this kernel mounts no overlay in a user namespace",
       .skips = overlays_of_users,
       .probe = Probe::mount_in_user_namespace,
       .gone_in = {5, 11},
       .commit = "459c7c565ac3 (\"ovl: unprivieged mounts\"), 5.11",
       .in_the_suite = "the cases that mount one skip. Debian's 5.10 allows them with "
                       "`overlay.permit_mounts_in_userns`, which the suite does not try"},
      {.id = "overlay-forbidden-in-userns",
       .what = "an overlay in a user namespace is forbidden",
       .reason = "this kernel or its security module forbids an overlay in a user namespace",
       .skips = overlays_of_users,
       .probe = Probe::mount_is_forbidden,
       .config = "FS_USERNS_MOUNT",
       .in_the_suite = "the cases that mount one skip on hardened kernels, whose overlayfs has no "
                       "such flag, and where a security module forbids it"},
      {.id = "no-writes-to-mounted-devices",
       .what = "a mounted block device cannot be opened for writing",
       .reason = "this kernel does not open a mounted block device for writing "
                 "(CONFIG_BLK_DEV_WRITE_MOUNTED); boot it with bdev_allow_write_mounted=1",
       .skips = {"A12.ErrorOfTheBlockDeviceIsReturned",
                 "A12.TheErrorOfTheSyncWinsAndTheCursorAdvances"},
       .probe = Probe::open_of_mounted_device,
       .config = "CONFIG_BLK_DEV_WRITE_MOUNTED",
       .in_the_suite = "guests are booted with `bdev_allow_write_mounted=1`; where that is not so, "
                       "two cases of A12 skip"},
      {.id = "no-idmapped-mounts",
       .what = "no idmapped mounts",
       .reason = "this kernel has no idmapped mounts of this filesystem",
       .skips = {"A19.IdmappedMountOfTheSubject"},
       .probe = Probe::mount_idmapped,
       .gone_in = {5, 15},
       .commit =
           "9caccd41541a (\"fs: introduce MOUNT_ATTR_IDMAP\"), 5.12 for ext4 and xfs, and 5.15 "
           "for btrfs",
       .in_the_suite = "one case of A19 skips"},
      {.id = "no-idmapped-layers",
       .what = "no overlay on an idmapped mount",
       .reason = "this kernel mounts no overlay on an idmapped mount",
       .skips = {"A19.OverlayOnAnIdmappedUpper"},
       .probe = Probe::mount_on_idmapped,
       .gone_in = {5, 19},
       .commit = "bc70682a497c (\"ovl: support idmapped layers\"), 5.19",
       .in_the_suite = "one case of A19 skips"},
      // copy_thread() mistakes a worker of io_uring for a thread of the program, and the guest
      // hangs.
      {.id = quirk::no_io_uring_workers,
       .what = "User-Mode Linux cannot run io_uring's workers (`copy_thread()` looks at the wrong "
               "task)",
       .reason = "User-Mode Linux of this release cannot run io_uring's workers; QEMU can",
       .skips = {"A17.*IoUring*", "B2.*IoUring*", "B4.*IoUring*", "B6.*IoUring*", "V5.*IoUring*"},
       .probe = Probe::uml_release,
       .gone_in = {5, 19},
       .commit = "5bd2e97c868a (\"fork: Generalize PF_IO_WORKER handling\"), 5.19",
       .in_the_suite = "the io_uring part of A17, B2, B4, B6 and V5 skips there, and runs in QEMU"},
      {.id = quirk::fsync_opens_anew,
       .what = "fsync of a file that was opened before it was copied up opens the upper file anew "
               "each time, and misses an error that another fd has reported",
       .reason = "fsync of this kernel has no cursor for a file opened before it was copied up",
       .skips = {"A17.AFileOpenedBeforeItsCopyUpReportsOnce"},
       .gone_in = {6, 13},
       .commit = "18e48d0e2c7b (\"ovl: store upper real file in ovl_file struct\"), 6.13",
       .in_the_suite = "one case of A17 skips"},
      {.id = "unsynced-metacopy",
       .what = "`fsync=strict` does not sync the data of a metacopy that is copied up "
               "(`ovl_copy_up_meta_inode_data()`); `fsync=auto` does",
       .reason = "with fsync=strict, overlayfs does not sync the data of a metacopy",
       .fails = {"V5.FsyncStrictSyncsTheDataOfAMetacopyAtCopyUp"},
       .probe = Probe::always,
       .in_the_suite = "one case of V5 is expected to fail where the option exists"},
  };
  return quirks;
}

}  // namespace filesystems
