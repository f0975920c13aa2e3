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

// How the guest finds out whether the running kernel has a quirk; conformance/quirks.cc carries it
// out. Another kind of probe is a line here and one there.
enum class Probe {
  always,       // each kernel has it
  release,      // those before Quirk::before have it
  uml_release,  // the same, in User-Mode Linux only
  in_the_case   // the case itself meets it
};

// The quirks that the guest asks for or meets. Several filesystems may have the same one.
namespace quirk {
// The recorded errno is not the one that the disk returned.
inline constexpr std::string_view other_errno = "other-errno";
inline constexpr std::string_view no_shutdown = "no-shutdown";
// syncfs does not report a shutdown.
inline constexpr std::string_view silent_shutdown = "silent-shutdown";
// A writeback error of the block device's own pages is recorded in the superblock on it, too.
inline constexpr std::string_view block_device_errors = "block-device-errors";
inline constexpr std::string_view no_tmpfile = "no-tmpfile";
inline constexpr std::string_view no_fsync_option = "no-fsync-option";
inline constexpr std::string_view no_idmapped_overlay = "no-idmapped-overlay";
inline constexpr std::string_view no_io_uring_workers = "no-io-uring-workers";
}  // namespace quirk

struct Quirk {
  std::string_view id;
  std::string what;    // for Documentation/trees.md
  std::string reason;  // the whole reason of a skip; empty: no case is skipped
  // Cases that are skipped for it, with '*' for any characters: "A14.*". With Probe::in_the_case
  // they skip by themselves; otherwise they are not even started.
  std::vector<std::string> skips = {};
  Probe probe = Probe::in_the_case;
  // For Probe::release: the first of our trees without the quirk, even if the commit below is
  // older, because no release in between was ever judged.
  Version before = {};
  Version gone_in = {};                  // the release of that commit; 0.0: it is not gone
  std::vector<Version> backported = {};  // long-term releases before it that have the commit
  std::string commit = {};               // `9caccd41541a ("fs: introduce MOUNT_ATTR_IDMAP"), 5.12`
  std::string in_the_suite = {};         // what the cases do about it
};

}  // namespace filesystems
