// SPDX-License-Identifier: GPL-2.0-only
// The kinds of fd that syncfs can be called on, and how a case opens one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/subject.h"

namespace conformance {

// The mount options that some kinds need. Some exclude each other.
inline constexpr const char* kMetacopy = "metacopy=on";
inline constexpr const char* kHandles = "index=on,nfs_export=on";

// Features that change where an overlay finds its files, and keep all kinds that exist without
// them.
inline constexpr const char* kFeatures = "redirect_dir=on,index=on,xino=on";

// The file on overlayWithDataOnlyLayer().
inline constexpr const char* kDataOnlyFile = "data-only";

struct FdKind {
  std::string name;             // "a lower-only file"
  bool needs_layers = false;    // does not exist on a bare filesystem
  std::string overlay_options;  // one of those above, or none
  // Nothing: the kernel has no such kind. Throws SetupError.
  std::function<std::optional<sys::File>(Subject&)> open;
};

struct OpenedFd {
  std::string kind;
  sys::File file;
};

// Opens one fd of every kind that exists on the subject when mounted with these options, except
// O_TMPFILE. Throws SetupError.
std::vector<OpenedFd> openEveryKind(Subject& subject, const std::string& overlay_options);

// Throws SetupError if the name of a view is in the upper layer and is not expected there, or is
// not though it is.
void mustBeInUpper(const View& view, const std::string& name, bool expected);
// Makes a file of the lower layer one of which only the metadata is in the upper layer; the data is
// still the lower file's. Throws SetupError.
void makeMetacopy(const View& view, const std::string& name = "lower-file");
// Opens it with these flags by its handle. Throws SetupError, and Skipped if there are no handles.
sys::File openByHandle(const View& view, const std::string& name, int flags);

// Mounts one more overlay, with a file whose data is in a data-only layer. Throws SetupError, and
// Skipped if the kernel has no such layers.
const View& overlayWithDataOnlyLayer(Subject& subject);

// An unnamed file of the upper (O_TMPFILE). It has cases of its own, because not every kernel
// supports it: throws Skipped if not, and SetupError.
sys::File openTemporary(const View& view);

}  // namespace conformance
