// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/filesystem.h"

namespace filesystems {

Filesystem xfs() {
  return {
      .name = "xfs",
      .type = "xfs",
      // xfsprogs refuses less than 300 MiB, and later versions enable features by default.
      .mkfs = {.program = "mkfs.xfs",
               .package = "xfsprogs",
               .bytes = 320u << 20,
               .options = {{{"-q", "-f", "-K", "-m",
                             std::string("crc=1,reflink=1,rmapbt=0,uuid=") + kUuid, "-i",
                             "sparse=1"}},
                           {.words = {"-m", "bigtime=0,inobtcount=0"}, .since = {5, 10}},
                           {.words = {"-i", "nrext64=0"}, .since = {5, 19}},
                           {.words = {"-i", "exchange=0", "-n", "parent=0"}, .since = {6, 10}}}},
      .config = "CONFIG_XFS_FS",
      .module = "xfs",
      .acl_config = "CONFIG_XFS_POSIX_ACL",
      .data_place = DataPlace::same_sectors,
      .error_record = ErrorRecord::in_writeback,
      .device_memory = DeviceMemory::none,
      .quirks = {{.id = quirk::unflushed_sync,
                  .what = "xfs sends no flush for syncfs if its log is idle (`xfs_fs_sync_fs()`)",
                  .reason = "xfs sends no flush for syncfs if its log is idle",
                  .fails = {"D5.SyncfsFlushesThoughTheJournalIsIdle"},
                  .probe = Probe::always,
                  .in_the_suite = "one case of D5 is expected to fail on xfs"},
                 {.id = "written-with-its-size",
                  .what = "xfs writes a new file back when its size is set, as copying up does "
                          "(`xfs_setattr_size()`)",
                  .reason = "xfs writes a new file back when its size is set",
                  .skips = {"V5.CopyingUpALargeFileSyncsNothing",
                            "V5.CopyingUpAFileWithTwoNamesSyncsNothing"},
                  .probe = Probe::always,
                  .in_the_suite = "two cases of V5 skip on xfs"}},
  };
}

}  // namespace filesystems
