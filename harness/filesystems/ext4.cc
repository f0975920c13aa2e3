// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/filesystem.h"

namespace filesystems {

namespace {

// By name, after "none": what mkfs.ext4 takes for granted changes with its version.
constexpr const char* kFeatures =
    "none,has_journal,ext_attr,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,"
    "huge_file,dir_nlink,extra_isize,metadata_csum";

// No lazy initialisation, which would write in the background while a case runs.
constexpr const char* kExtended = "lazy_itable_init=0,lazy_journal_init=0,nodiscard,hash_seed=";

}  // namespace

Filesystem ext4() {
  return {
      .name = "ext4",
      .type = "ext4",
      .mkfs = {.program = "mkfs.ext4",
               .package = "e2fsprogs",
               .bytes = 64u << 20,
               .options = {{{"-q", "-F", "-b", "4096", "-I", "256", "-m", "0", "-U", kUuid, "-J",
                             "size=4", "-O", kFeatures, "-E", std::string(kExtended) + kUuid}}},
               .environment = {{"MKE2FS_CONFIG", "/dev/null"}, {"E2FSPROGS_FAKE_TIME", "1"}}},
      .config = "CONFIG_EXT4_FS",
      .module = "ext4",
      .acl_config = "CONFIG_EXT4_FS_POSIX_ACL",
      .mount_options = "noinit_itable,commit=300",  // seconds
      .data_place = DataPlace::same_sectors,
      .error_record = ErrorRecord::in_writeback,
      .device_memory = DeviceMemory::none,
      .losses = {Loss::allocation, Loss::conversion},
      .error_trigger = {{.option = "errors=remount-ro", .file = "trigger_fs_error"}},
      .without_journal = "noinit_itable,noload",
      .quirks =
          {
              {.id = quirk::other_errno,
               .what = "ext4 records EIO, whatever the error of its disk (`ext4_finish_bio()`)",
               .reason = "ext4 of this release records EIO, whatever the error of its disk",
               .skips = casesOfTheErrno(),
               .probe = Probe::errno_of_full_disk,
               .gone_in = {6, 4},
               .commit = "bb64c08bff6a (\"ext4: Convert ext4_finish_bio() to use folios\"), 6.4",
               .in_the_suite = "A14, one case of B5 and a part of A12 and V6 skip on ext4"},
              {.id = quirk::silent_shutdown,
               .what = "ext4 syncs without an error when it is shut down, or read-only after an "
                       "error (`ext4_sync_fs()`)",
               .reason = "ext4 of this release syncs without an error when it is shut down",
               .skips = {"A12.ShutDownFilesystemAnswersAsPlain",
                         "A12.AFilesystemThatStoppedForAnErrorAnswersAsPlain",
                         "V4.UpperThatWasShutDownIsNoError"},
               .probe = Probe::in_the_case,
               .gone_in = {6, 13},
               .commit = "150c174a6053 (\"ext4: return error on syncfs after shutdown\"), 6.13",
               .in_the_suite = "two cases of A12 and one of V4 skip on ext4"},
              {.id = quirk::unrecorded_inode,
               .what = "ext4 without a journal records nowhere that an inode could not be written "
                       "(`mark_buffer_write_io_error()`)",
               .reason = "ext4 without a journal tells one caller of an inode that is lost",
               .fails = {"D5.WithoutAJournalEachFdIsToldOfALostInode"},
               .probe = Probe::always,
               .in_the_suite = "one case of D5 is expected to fail on ext4"},
          },
  };
}

}  // namespace filesystems
