// SPDX-License-Identifier: GPL-2.0-only
// VolatileUpper: an upper directory that is mounted volatile in several mount cycles.
#pragma once

#include <string>

#include "conformance/expect.h"
#include "conformance/subject.h"
#include "sys/result.h"

namespace conformance {

inline constexpr int kMountCycles = 4;

// What the kernel log says of a mount that is refused.
inline constexpr const char* kNoRecord = "has failed, or has left no record";
inline constexpr const char* kHadAnError =
    "has had a writeback error since the first volatile mount";
inline constexpr const char* kOtherFormat = "has another format";
inline constexpr const char* kOtherBoot = "was in another boot";
inline constexpr const char* kOtherUpper =
    "is another one or was unmounted after the last volatile mount";
inline constexpr const char* kInUse = "is in use by another mount";
inline constexpr const char* kCannotBeRead = "cannot be read";
inline constexpr const char* kCannotBeRemoved = "cannot be removed";
inline constexpr const char* kUserxattr = "with userxattr";
inline constexpr const char* kNotVolatile = "only a volatile mount";

class VolatileUpper {
 public:
  // Layers of its own on the upper filesystem. Throws SetupError.
  explicit VolatileUpper(Subject& subject) : VolatileUpper(subject, subject.layers.fresh()) {}
  VolatileUpper(Subject& subject, Layers layers) : subject_(subject), layers_(std::move(layers)) {}

  [[nodiscard]] sys::Result mount(const std::string& options = "volatile") {
    return subject_.beside.mountLayers(layers_.options + ',' + options);
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

  // The mount is refused, and the kernel log says why.
  void isRefused(const char* why, const std::string& options = "volatile",
                 CalledFrom = Line::current());
  // The unmount happens, and the kernel log says that it leaves no record.
  void endsWithoutARecord(CalledFrom = Line::current());

  const std::string& upper() const { return layers_.upper; }
  const std::string& work() const { return layers_.work; }
  // The directory that refuses a mount, and whether it is there.
  std::string marker() const { return layers_.work + "/work/incompat/volatile"; }
  bool isMarked() const;

  // The content of the record; empty if it is absent, as the result says.
  sys::Result readRecord(std::string& record) const;
  // Both throw SetupError.
  void writeRecord(const std::string& record) const;
  void removeRecord() const;

 private:
  Subject& subject_;
  Layers layers_;
};

// Reads the unseen error of the upper filesystem; a failure of the case if there is none.
void seeTheError(Subject& subject, CalledFrom = Line::current());

}  // namespace conformance
