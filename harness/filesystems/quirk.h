// SPDX-License-Identifier: GPL-2.0-only
// Quirk: a difference between filesystems or kernels that overlayfs has no part in. Whatever a case
// has to know about that is a Quirk, with its reason, and is recorded nowhere else:
// Documentation/trees.md lists them, and ci/check-trees reads which rows they leave without a case.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace filesystems {

struct Version {
  int major = 0, minor = 0;
  auto operator<=>(const Version&) const = default;  // NOLINT(modernize-use-nullptr): not written
};

// How the guest finds out whether the running kernel has a quirk. It asks the kernel: a
// distribution may have the commit that removed a quirk in any release, or lack it. Another
// question is a line here and a function in conformance/quirk_probes.cc.
enum class Probe {
  always,       // each kernel has it
  in_the_case,  // the case itself meets it
  uml_release,  // asking would hang: User-Mode Linux of a release that isAffected()
  // The questions.
  mount_failstop,
  mount_userxattr,
  mount_data_only_layer,
  mount_in_user_namespace,
  mount_is_forbidden,  // in a user namespace, though not for root
  mount_idmapped,
  mount_on_idmapped,
  errno_of_full_disk,     // which errno a filesystem records if its disk says ENOSPC
  fsync_of_nameless,      // whether it reaches the disk
  open_of_mounted_device  // for writing
};

// The quirks that the guest asks for or meets. Several filesystems may have the same one.
namespace quirk {
// The recorded errno is not the one that the disk returned.
inline constexpr std::string_view other_errno = "other-errno";
inline constexpr std::string_view no_shutdown = "no-shutdown";
// syncfs does not report a shutdown.
inline constexpr std::string_view silent_shutdown = "silent-shutdown";
// overlayfs answers EOPNOTSUPP for its own attributes.
inline constexpr std::string_view hidden_attributes = "hidden-attributes";
// syncfs does not make the disk write its cache.
inline constexpr std::string_view unflushed_sync = "unflushed-sync";
// An inode whose block could not be written is in no error record.
inline constexpr std::string_view unrecorded_inode = "unrecorded-inode";
inline constexpr std::string_view no_tmpfile = "no-tmpfile";
inline constexpr std::string_view no_fsync_option = "no-fsync-option";
// A volatile overlay cannot be asked to fail as a whole.
inline constexpr std::string_view no_failstop_option = "no-failstop-option";
inline constexpr std::string_view no_idmapped_overlay = "no-idmapped-overlay";
inline constexpr std::string_view no_io_uring_workers = "no-io-uring-workers";
// fsync of a file that was opened before it was copied up has no cursor.
inline constexpr std::string_view fsync_opens_anew = "fsync-opens-anew";
// btrfs warns if it aborts a transaction for lack of memory.
inline constexpr std::string_view warns_without_memory = "warns-without-memory";
}  // namespace quirk

struct Quirk {
  std::string_view id;
  std::string what;    // for Documentation/trees.md
  std::string reason;  // the whole reason of a skip or xfail; empty: there is none
  // Cases that are skipped for it, with '*' for any characters: "A14.*". With Probe::in_the_case
  // they skip by themselves; otherwise they are not even started.
  std::vector<std::string> skips = {};
  // Cases that must fail for it, named likewise; one that passes is news (xpass).
  std::vector<std::string> fails = {};
  Probe probe = Probe::in_the_case;
  // For a quirk that is a matter of configuration: the option, or the flag in the source, without
  // which a kernel has it.
  std::string config = {};
  Version gone_in = {};                  // the release of the commit below; 0.0: it is not gone
  std::vector<Version> backported = {};  // long-term releases before it that have the commit
  std::string commit = {};               // `9caccd41541a ("fs: introduce MOUNT_ATTR_IDMAP"), 5.12`
  std::string in_the_suite = {};         // what the cases do about it
};

// The cases in which the errno that is recorded matters: what quirk::other_errno skips.
const std::vector<std::string>& casesOfTheErrno();

// Whether a kernel of that release ("5.10.262", "6.12.y") lacks the commit that ended the quirk.
// False for a quirk that is not gone, and for a release that cannot be read.
bool isAffected(const Quirk& quirk, std::string_view release);
// Whether a kernel of that release may have the quirk. One that has it although it is gone is not
// excused by it: something else is wrong with that kernel.
bool mayHave(const Quirk& quirk, std::string_view release);

}  // namespace filesystems
