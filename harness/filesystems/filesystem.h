// SPDX-License-Identifier: GPL-2.0-only
// Filesystem: all that this project knows about one. The host's program and the guest both read it
// here. To add one: a file beside this one and a line in registry.cc.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "filesystems/quirk.h"

namespace filesystems {

// The same on every host, so that two runs judge the same disks.
inline constexpr const char* kUuid = "6f766c73-796e-4663-8000-000000000001";

struct MkfsOption {
  std::vector<std::string> words;  // {"-n", "parent=0"}
  Version since = {};              // the first version of the tool that accepts it
  std::string feature = {};        // only for a tool whose `-O list-all` names it
};

// How a disk is made. Everything that depends on a tool's configuration or version is set here, and
// no feature is newer than Linux 5.10, the oldest tree. Blocks have 4096 bytes.
struct Mkfs {
  std::string program;       // "mkfs.ext4"
  std::string package;       // the Debian package that has it
  std::uintmax_t bytes = 0;  // size of the disk, hardly any of it in use
  std::vector<MkfsOption> options;
  std::map<std::string, std::string> environment = {};
};

// Where rewritten data goes.
enum class DataPlace {
  same_sectors,  // where the file lies (FIEMAP)
  any_chunk      // anywhere in the data chunks of a btrfs (its chunk tree)
};

// When an error of writeback is recorded.
enum class ErrorRecord {
  in_writeback,    // before fsync returns
  ordered_extents  // when btrfs ends the ordered extent, which may be later
};

// How data can be lost although no write of it fails (D).
enum class Loss {
  allocation,  // ext4 finds no block for a dirty page (mpage_map_and_submit_extent())
  conversion,  // ext4 cannot mark what was written as written (ext4_end_io_end())
  transaction  // btrfs gives up a transaction (__btrfs_handle_fs_error())
};

// Whether the kernel remembers a device that it has seen, and would refuse a copy of it.
enum class DeviceMemory { none, btrfs_control };

// How a mounted filesystem is made to meet an error of its own, for which it stops.
struct ErrorTrigger {
  std::string option;  // of a remount
  std::string file;    // in /sys/fs/<module>/<device>: something is written to it
};

// What a kernel needs beside the filesystem itself.
struct KernelOption {
  std::string config;       // "CONFIG_UNICODE"
  std::string module = {};  // its kernel module; empty: it is none
};

struct Filesystem {
  std::string name;  // of --fs and in results: "ext4", or a profile of it: "ext4:no-journal"
  std::string type;  // of mount(2), in /proc/filesystems: "ext4"
  Mkfs mkfs;
  std::string config;      // what a kernel needs for it: "CONFIG_EXT4_FS"
  std::string module;      // the kernel module: "ext4"
  std::string acl_config;  // and for ACLs on it
  std::vector<KernelOption> more_config = {};
  std::string mount_options = {};  // so that no thread of its own writes to the disk meanwhile
  DataPlace data_place = {};
  ErrorRecord error_record = {};
  DeviceMemory device_memory = {};
  std::vector<Loss> losses = {};
  std::optional<ErrorTrigger> error_trigger = {};
  std::string without_journal = {};  // mount options with which it has none; empty: it needs one
  std::vector<Quirk> quirks = {};

  // The filesystem that a profile is of: its name, less what follows the colon.
  std::string base() const { return name.substr(0, name.find(':')); }
};

}  // namespace filesystems
