// SPDX-License-Identifier: GPL-2.0
// The kinds of fd that syncfs can be called on, and how a case comes by one.
#pragma once

#include <string>
#include <vector>

#include "conformance/subject.h"

namespace conformance {

// What an overlay has to be mounted with, for a kind to exist. Some options exclude each other.
inline constexpr const char* kMetacopy = "metacopy=on";
inline constexpr const char* kHandles = "index=on,nfs_export=on";

// What changes where an overlay finds its files, and takes nothing away from the kinds without it.
inline constexpr const char* kFeatures = "redirect_dir=on,index=on,xino=on";

// On overlayWithDataOnlyLayer().
inline constexpr const char* kDataOnlyFile = "data-only";

struct FdKind {
  std::string name;                       // "a lower-only file"
  bool needs_layers = false;              // there is no such thing on a bare filesystem
  std::string overlay_options;            // one of those above, or none
  sys::File (*open)(Subject&) = nullptr;  // throws SetupError
};

struct OpenedFd {
  std::string kind;
  sys::File file;
};

// Opens one fd of every kind that exists on the subject when mounted with these options, but for an
// O_TMPFILE. Throws SetupError.
std::vector<OpenedFd> openEveryKind(Subject& subject, const std::string& overlay_options);

// Mounts one more overlay, with a file whose data is in a layer that shows nothing else. Throws
// SetupError, and Skipped where the kernel has no such layers.
const View& overlayWithDataOnlyLayer(Subject& subject);

// An unnamed file of the upper. It is for cases of its own, because not every kernel has it: throws
// Skipped then, and SetupError.
sys::File openTemporary(const View& view);

}  // namespace conformance
