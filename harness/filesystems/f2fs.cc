// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/filesystem.h"

namespace filesystems {

Filesystem f2fs() {
  return {
      .name = "f2fs",
      .type = "f2fs",
      .mkfs = {.program = "mkfs.f2fs",
               .package = "f2fs-tools",
               .bytes = 128u << 20,
               .options = {{{"-f", "-q", "-t", "0", "-U", kUuid}}}},
      .config = "CONFIG_F2FS_FS",
      .module = "f2fs",
      .acl_config = "CONFIG_F2FS_FS_POSIX_ACL",
      .mount_options = "background_gc=off",
      // A small one is always written in place (f2fs_tuning_parameters()).
      .data_place = DataPlace::same_sectors,
      .error_record = ErrorRecord::in_writeback,
      .device_memory = DeviceMemory::none,
      .quirks =
          {
              {.id = quirk::other_errno,
               .what = "f2fs records EIO, whatever the error of its disk (`f2fs_write_end_bio()`)",
               .reason = "f2fs records EIO, whatever the error of its disk",
               .skips = casesOfTheErrno(),
               .probe = Probe::always,
               .in_the_suite = "A14, one case of B5 and a part of A12 and V6 skip on f2fs"},
              {.id = quirk::silent_shutdown,
               .what = "f2fs syncs without an error when it is shut down (`f2fs_sync_fs()`)",
               .reason = "f2fs syncs without an error when it is shut down",
               .skips = {"V4.UpperThatWasShutDownIsNoError"},
               .in_the_suite = "one case of V4 skips on f2fs"},
              // Whether it does is chance: a checkpoint flushes.
              {.id = quirk::unflushed_sync,
               .what = "f2fs sends no flush for syncfs if it needs no checkpoint "
                       "(`f2fs_write_checkpoint()`)",
               .reason = "f2fs sends no flush for syncfs if it needs no checkpoint",
               .skips = {"D5.SyncfsFlushesThoughTheJournalIsIdle"},
               .probe = Probe::always,
               .in_the_suite = "one case of D5 skips on f2fs"},
              {.id = "lost-mode",
               .what = "on f2fs, a new mode of a file may be gone after a power cut, although a "
                       "write with RWF_SYNC came after it; why is not known",
               .reason = "on f2fs, a file may have its old mode after a power cut",
               .skips = {"A17.WhatItAnswersForSurvivesAPowerCut"},
               .probe = Probe::always,
               .in_the_suite = "one case of A17 skips on f2fs"},
          },
  };
}

}  // namespace filesystems
