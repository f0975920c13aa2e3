// SPDX-License-Identifier: GPL-2.0-only
// VolatileUpper: an upper directory that is mounted volatile in several mount cycles.
#pragma once

#include <functional>
#include <string>

#include "conformance/cases/log_lines.h"
#include "conformance/expect.h"
#include "conformance/subject.h"
#include "sys/result.h"

namespace conformance {

inline constexpr int kMountCycles = 40;

// With an index, overlayfs itself refuses an upper that is in use (EBUSY). CONFIG_OVERLAY_FS_INDEX
// makes that the default.
inline constexpr const char* kWithoutIndex = "volatile,index=off";

// What the kernel log says of a mount that is refused.
inline constexpr const char* kFailed = "the last volatile mount failed";
inline constexpr const char* kHadAnError = "writeback error since the first volatile mount";
inline constexpr const char* kWasReadOnly = "the upper fs was read-only at the last unmount";
inline constexpr const char* kTwoMounts = "another mount used upperdir or workdir at the same time";
inline constexpr const char* kUnknown = "no volatile mount of upperdir is known";
inline constexpr const char* kInUse = "another mount uses upperdir or workdir";
inline constexpr const char* kUserNamespace = "not supported in a user namespace";
inline constexpr const char* kNotVolatile = "only another volatile mount";

class VolatileUpper {
 public:
  // Layers of its own on the upper filesystem. Throws SetupError.
  explicit VolatileUpper(Subject& subject) : VolatileUpper(subject, subject.layers.fresh()) {}
  VolatileUpper(Subject& subject, Layers layers) : subject_(subject), layers_(std::move(layers)) {}
  // The same upper directory with a work directory of its own. Throws SetupError.
  VolatileUpper withAnotherWork() const;

  [[nodiscard]] sys::Result mount(const std::string& options = "volatile",
                                  unsigned long flags = 0) {
    return subject_.beside.mountLayers(layers_.options + ',' + options, flags);
  }
  // Whether it mounts; a failure of the case if not.
  [[nodiscard]] bool isMounted(const std::string& options = "volatile",
                               CalledFrom = Line::current());
  // Mounts it where the mount is not under test. Throws SetupError.
  View begin();
  View view() const { return {subject_.beside.latest().root(), layers_.upper}; }
  void end() { subject_.beside.unmountLatest(); }
  // A whole mount cycle without a failure. Throws SetupError.
  void mountCycle(CalledFrom = Line::current());
  // One in which a page is lost; the error has been seen. Throws SetupError.
  void mountCycleWithALoss(CalledFrom = Line::current());

  // The mount is refused, and the kernel log says why: one reason, where there are several.
  void isRefused(const AnyOf& why, const std::string& options = "volatile",
                 CalledFrom = Line::current());
  // The same for a mount that the case itself attempts.
  void isRefused(const AnyOf& why, const std::function<sys::Result()>& mount,
                 CalledFrom = Line::current());

  const Layers& layers() const { return layers_; }
  const std::string& upper() const { return layers_.upper; }
  const std::string& work() const { return layers_.work; }
  // The directory that refuses a mount, and whether it is there.
  std::string marker() const { return layers_.work + "/work/incompat/volatile"; }
  bool isMarked() const;

  // Marks it as a volatile mount of another boot has. Throws SetupError.
  void mark() const;
  // Removes the marker by hand, as container runtimes do. Throws SetupError.
  void removeMarker() const;

 private:
  Subject& subject_;
  Layers layers_;
};

// Mounts an overlay in a user namespace, with which it goes. Throws SetupError, and Skipped if the
// kernel has no user namespaces.
sys::Result mountInUserNamespace(Subject& subject, const std::string& options);

// Gives it to a user who is not mapped in a user namespace. Throws SetupError.
void giveAway(const std::string& path);

// Layers whose work directory may not be searched in a user namespace, since its owner is not
// mapped there. Throws SetupError.
Layers layersThatMayNotBeSearched(Subject& subject);

// Reads the unseen error of the upper filesystem; a failure of the case if there is none.
void seeTheError(Subject& subject, CalledFrom = Line::current());

}  // namespace conformance
