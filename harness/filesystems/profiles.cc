// SPDX-License-Identifier: GPL-2.0-only
// Profiles: a filesystem that is made or mounted in another way than the record of its name says,
// and filesystems that only run by name. To add one: a line in the table.
#include <algorithm>
#include <functional>
#include <iterator>

#include "filesystems/registry.h"

namespace filesystems {

// One per file.
Filesystem ext4();
Filesystem xfs();
Filesystem btrfs();
Filesystem f2fs();

namespace {

// What a profile changes of its filesystem.
struct Profile {
  std::string name;  // of --fs, after the filesystem's and a colon
  Filesystem (*base)();
  std::string type = {};               // of mount(2), if it is another one
  std::string features = {};           // added to those of mkfs -O
  std::vector<std::string> mkfs = {};  // words for mkfs
  std::string mount_options = {};      // added
  std::vector<KernelOption> more_config = {};
  std::vector<Quirk> quirks = {};  // added
  std::function<void(Filesystem&)> other = nullptr;
};

// What ext2 and ext3 lack, beside the journal.
constexpr const char* kWithoutExtents =
    "^extent,^64bit,^flex_bg,^huge_file,^dir_nlink,^extra_isize,^metadata_csum";

// Without preallocation there are no cases of D1 and D2, which begin with it.
const std::vector<Quirk>& quirksWithoutExtents() {
  static const std::vector<Quirk> quirks = {
      {.id = "allocates-at-once",
       .what = "ext4 mounted as ext2 or ext3 does not delay allocation (`ext4_set_def_opts()`)",
       .reason = "a write needs the disk, since ext2 and ext3 do not delay allocation",
       .skips = {"A12.DiskThatFailsAsAWholeAnswersAsPlain"},
       .probe = Probe::always,
       .in_the_suite = "one case of A12 skips on ext4:ext2 and ext4:ext3"},
      {.id = "no-idmapped-mounts",
       .what = "ext4 mounted as ext2 or ext3 has no idmapped mounts (`ext3_fs_type`)",
       .reason = "ext2 and ext3 have no idmapped mounts",
       .skips = {"A19.OverlayOnAnIdmappedUpper", "A19.IdmappedMountOfTheSubject"},
       .probe = Probe::always,
       .in_the_suite = "two cases of A19 skip on ext4:ext2 and ext4:ext3"},
      {.id = "no-preallocation",
       .what = "ext4 cannot preallocate without extents (`ext4_fallocate()`)",
       .reason = "ext2 and ext3 cannot preallocate",
       .skips = {"C5.TheSpaceOfADeletedUpperIsFree", "C5.TheUpperIsFullAtTheUnmount"},
       .probe = Probe::always,
       .in_the_suite = "two cases of C5, and D1 and D2, are not for ext4:ext2 and ext4:ext3"}};
  return quirks;
}

void hasNoOtherJournalMode(Filesystem& filesystem) {
  filesystem.without_journal.clear();
}

void losesNothing(Filesystem& filesystem) {
  filesystem.losses.clear();
}

// The marker of a volatile overlay may reach the disk after what was written behind it.
Quirk quirkOfPowerCuts() {
  return {.id = "unordered-writes",
          .what =
              "without a journal, ext4 writes metadata in no order, so a power cut may leave what "
              "was written last and not what was written first",
          .reason = "without a journal, metadata is written in no order",
          .skips = {"C3.APowerCutBetweenAnyTwoWrites"},
          .probe = Probe::always,
          .in_the_suite = "one case of C3 skips on ext4:no-journal and ext4:ext2"};
}

const std::vector<Profile>& table() {
  static const std::vector<Profile> profiles = {
      {.name = "data=writeback",
       .base = ext4,
       .mount_options = "data=writeback",
       .other = hasNoOtherJournalMode},
      {.name = "no-journal",
       .base = ext4,
       .features = "^has_journal",
       .quirks = {quirkOfPowerCuts(),
                  {.id = "no-space-for-no-memory",
                   .what = "without a journal, the writeback of a page with a block may end with "
                           "ENOSPC while others get no memory; why is not known",
                   .reason = "without a journal, writeback without memory may end with ENOSPC",
                   .skips = {"D1.WhatHasABlockIsWrittenWithMemory"},
                   .probe = Probe::always,
                   .in_the_suite = "one case of D1 skips on ext4:no-journal"}},
       .other =
           [](Filesystem& filesystem) {
             filesystem.mount_options = filesystem.without_journal = "noinit_itable";
           }},
      // fsync of any file waits for the data of all that the fast commit is about
      // (ext4_fc_flush_data()), and so for what a case of D2 holds back.
      {.name = "fast_commit",
       .base = ext4,
       .features = "fast_commit",
       .other = [](Filesystem& filesystem) { filesystem.losses = {Loss::allocation}; }},
      {.name = "inline_data", .base = ext4, .features = "inline_data"},
      {.name = "bigalloc",
       .base = ext4,
       .features = "bigalloc",
       .mkfs = {"-C", "16384"},
       .quirks = {{.id = "clusters",
                   .what = "with bigalloc, a page in a hole has its block if another page of the "
                           "cluster has one (`ext4_ext_map_blocks()`)",
                   .reason = "with bigalloc, a page in a hole may have its block",
                   .skips = {"D1.WhatHasABlockIsWrittenWithMemory", "D1.WhatHasBlocksIsWritten"},
                   .probe = Probe::always,
                   .in_the_suite = "two cases of D1 skip on ext4:bigalloc"}}},
      {.name = "ext3",
       .base = ext4,
       .type = "ext3",
       .features = kWithoutExtents,
       .quirks = quirksWithoutExtents(),
       .other = losesNothing},
      {.name = "ext2",
       .base = ext4,
       .type = "ext2",
       .features = std::string("^has_journal,") + kWithoutExtents,
       .more_config = {{"CONFIG_EXT4_USE_FOR_EXT2"}},
       .quirks = quirksWithoutExtents(),
       .other =
           [](Filesystem& filesystem) {
             losesNothing(filesystem);
             filesystem.quirks.push_back(quirkOfPowerCuts());
             hasNoOtherJournalMode(filesystem);
             filesystem.mount_options.clear();  // it refuses those of ext4
           }},
      {.name = "quota",
       .base = ext4,
       .features = "quota,project",
       .mkfs = {"-J", "size=16"},
       .mount_options = "prjquota",
       .more_config = {{"CONFIG_QFMT_V2", "quota_v2"}}},
      {.name = "pquota",
       .base = xfs,
       .mount_options = "pquota",
       .more_config = {{"CONFIG_XFS_QUOTA"}},
       .quirks = {{.id = "reads-quota",
                   .what = "xfs with quotas reads that of a file before the first write "
                           "(`xfs_qm_dqattach()`)",
                   .reason = "xfs with quotas reads that of a file before the first write",
                   .skips = {"A12.DiskThatFailsAsAWholeAnswersAsPlain"},
                   .probe = Probe::always,
                   .in_the_suite = "one case of A12 skips on xfs:pquota"}}},
      {.name = "4k-sectors", .base = xfs, .mkfs = {"-s", "size=4096"}},
      {.name = "compress=zstd", .base = btrfs, .mount_options = "compress=zstd"},
      {.name = "compress-force=zstd", .base = btrfs, .mount_options = "compress-force=zstd"},
      {.name = "nodatacow",
       .base = btrfs,
       .mount_options = "nodatacow",
       .quirks = {{.id = "written-in-place",
                   .what = "with nodatacow, data reaches its place without a transaction "
                           "(`run_delalloc_nocow()`)",
                   .reason = "with nodatacow, what is written is there without the transaction",
                   .skips = {"D3.EveryFdsFsyncReportsAPageInFlight"},
                   .probe = Probe::always,
                   .in_the_suite = "one case of D3 skips on btrfs:nodatacow"}}},
  };
  return profiles;
}

void append(std::string& list, const std::string& more) {
  if (!list.empty() && !more.empty()) list += ',';
  list += more;
}

Filesystem filesystemOf(const Profile& profile) {
  Filesystem filesystem = profile.base();
  filesystem.name += ':' + profile.name;
  if (!profile.type.empty()) filesystem.type = profile.type;
  std::vector<MkfsOption>& options = filesystem.mkfs.options;
  if (!profile.features.empty()) {
    // mkfs takes the last -O alone, and -J makes a journal whatever -O says.
    std::vector<std::string>& words = options.front().words;
    append(*std::next(std::ranges::find(words, "-O")), profile.features);
    if (profile.features.contains("^has_journal")) {
      const auto journal = std::ranges::find(words, "-J");
      words.erase(journal, journal + 2);
    }
  }
  if (!profile.mkfs.empty()) options.push_back({.words = profile.mkfs});
  append(filesystem.mount_options, profile.mount_options);
  if (!filesystem.without_journal.empty()) {
    append(filesystem.without_journal, profile.mount_options);
  }
  filesystem.more_config = profile.more_config;
  std::ranges::copy(profile.quirks, std::back_inserter(filesystem.quirks));
  if (profile.other) profile.other(filesystem);
  return filesystem;
}

}  // namespace

const std::vector<Filesystem>& profiles() {
  static const std::vector<Filesystem> filesystems = [] {
    std::vector<Filesystem> result = {f2fs()};
    for (const Profile& profile : table()) result.push_back(filesystemOf(profile));
    return result;
  }();
  return filesystems;
}

}  // namespace filesystems
