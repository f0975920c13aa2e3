// SPDX-License-Identifier: GPL-2.0-only
// SubjectMount: the mounts of the subject, the bare filesystem and the overlay on it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sys/mounting.h"
#include "sys/result.h"

namespace conformance {

class SubjectMount {
 public:
  // upper: the bare filesystem. Throws SetupError.
  SubjectMount(sys::MountRequest upper, std::optional<sys::MountRequest> overlay);

  // Remounts what is under test read-only, or writable again.
  [[nodiscard]] sys::Result remountReadOnly();
  [[nodiscard]] sys::Result remountWritable();
  // Remounts the bare filesystem without a change, under whatever is on top.
  [[nodiscard]] sys::Result remountUpper();
  // The same with an option of the filesystem. Throws SetupError.
  void remountUpperWith(const std::string& option);
  // Remounts the bare filesystem read-only, under whatever is on top, makes the call, and remounts
  // it writable. Throws SetupError (EBUSY: something is open for writing, or has no name).
  [[nodiscard]] sys::Result whileUpperIsReadOnly(const std::function<sys::Result()>& call);
  // Freezes the bare filesystem and makes the call. Whether it ends within five seconds; one that
  // waits for the thaw is waited for. Throws SetupError, and what the call throws.
  [[nodiscard]] bool endsWhileUpperIsFrozen(const std::function<void()>& call);
  // Unmounts the overlay and mounts it again. Throws SetupError, as do all that follow.
  void mountAgain();
  // Unmounts the overlay and the bare filesystem, and mounts the latter again.
  void mountUpperAgain();
  // The same with these options of the filesystem, instead of its own, from then on.
  void mountUpperAgainWith(const std::string& options);
  // Detaches the bare filesystem from its directory (umount -l): only what has it open or is
  // mounted on top still uses it.
  void detachUpper();
  // The same for the overlay.
  void detachOverlay();
  // Both do nothing if it is already gone.
  void unmountOverlay();
  void unmountUpper();

  const sys::MountRequest& upperRequest() const { return upper_request_; }
  // Whether the bare filesystem is mounted and was never remounted read-only.
  bool upperIsWritable() const { return upper_ && !was_read_only_; }

 private:
  sys::MountRequest upper_request_;
  std::optional<sys::MountRequest> overlay_request_;
  std::optional<sys::Mount> upper_;
  std::optional<sys::Mount> overlay_;
  bool was_read_only_ = false;
};

}  // namespace conformance
