// SPDX-License-Identifier: GPL-2.0
// Quirk: what one filesystem, or a kernel, does otherwise than the others, and overlayfs has no
// part in. Whatever a case has to know of that is a Quirk, with its reason, and stands nowhere
// else: Documentation/trees.md prints these, ci/check-trees reads which rows they leave without a
// case.
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
// out. What can be asked of a kernel is a line here and one there.
enum class Probe {
  always,       // each kernel has it
  release,      // those before Quirk::before have it
  uml_release,  // the same, in User-Mode Linux only
  in_the_case   // the case itself meets it
};

// The quirks that the guest asks for or meets. The same id may be one of several filesystems.
namespace quirk {
// The errno that is recorded is not the one that the disk has answered.
inline constexpr std::string_view other_errno = "other-errno";
inline constexpr std::string_view no_shutdown = "no-shutdown";
// syncfs says nothing of a shutdown.
inline constexpr std::string_view silent_shutdown = "silent-shutdown";
// A page of the block device that cannot be written is an error of the superblock on it, too.
inline constexpr std::string_view block_device_errors = "block-device-errors";
inline constexpr std::string_view no_tmpfile = "no-tmpfile";
inline constexpr std::string_view no_fsync_option = "no-fsync-option";
inline constexpr std::string_view no_idmapped_overlay = "no-idmapped-overlay";
inline constexpr std::string_view no_io_uring_workers = "no-io-uring-workers";
}  // namespace quirk

struct Quirk {
  std::string_view id;
  std::string what;    // for Documentation/trees.md
  std::string reason;  // of a skip, all of it; empty: nothing is skipped for it
  // Cases that are skipped for it, with '*' for any characters: "A14.*". With Probe::in_the_case
  // they skip by themselves; with any other they are not even begun.
  std::vector<std::string> skips = {};
  Probe probe = Probe::in_the_case;
  // With Probe::release. The first of the trees of ours that is without it, if the commit below is
  // older: no release in between was ever judged.
  Version before = {};
  Version gone_in = {};                  // the release of that commit; 0.0: it is not gone
  std::vector<Version> backported = {};  // long-term releases before it that have the commit
  std::string commit = {};               // `9caccd41541a ("fs: introduce MOUNT_ATTR_IDMAP"), 5.12`
  std::string in_the_suite = {};         // what the cases do about it
};

}  // namespace filesystems
