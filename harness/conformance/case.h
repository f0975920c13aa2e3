// SPDX-License-Identifier: GPL-2.0-only
// Case: one statement of a requirement, as code that runs on every subject that it applies to.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/expect.h"
#include "conformance/skip.h"
#include "conformance/subject.h"
#include "filesystems/filesystem.h"

namespace conformance {

// The properties of a case, apart from its steps.
struct Traits {
  // The bare filesystem comes first: it is the oracle.
  std::vector<SubjectKind> subjects = {SubjectKind::plain, SubjectKind::overlay};
  std::string overlay_options = {};  // additional mount options of the overlay, "metacopy=on"
  // Every call under test must return the same on the overlay as on the bare filesystem, whatever
  // that is.
  bool as_plain = false;
  // The case is only for filesystems that can lose data in this way.
  std::optional<filesystems::Loss> loss = std::nullopt;
  // Only for filesystems that can be made to stop for an error.
  bool stops = false;
  // Only for filesystems that can be mounted without their journal.
  bool without_journal = false;
  // It runs before all others of its filesystem, for what another case would hide.
  bool comes_first = false;
  bool long_running = false;  // only in the group "long", for what needs many repetitions
  int limit_seconds = 20;     // without a verdict by then, the machine hangs
};

// For the traits of a case.
inline const std::vector<SubjectKind> kOverlayOnly = {SubjectKind::overlay};
inline const std::vector<SubjectKind> kVolatileOnly = {SubjectKind::volatile_overlay};
inline const std::vector<SubjectKind> kEverySubject = {SubjectKind::plain, SubjectKind::overlay,
                                                       SubjectKind::volatile_overlay};

// Sets a fresh subject up with these mount options of the overlay, runs the body on it and tears it
// down. False if anything was thrown: the case then has its verdict.
using WithSubject =
    std::function<bool(const std::string& overlay_options, const std::function<void(Subject&)>&)>;

struct Case {
  std::string requirement;  // "A2"
  std::string title;        // "EveryOpenFdReportsOnce"
  Line line;                // where it is written
  Traits traits;
  std::function<void(Subject&)> body;
  // Instead of a body: on as many subjects as it asks for.
  std::function<void(const WithSubject&)> on_subjects = {};

  std::string name() const { return requirement + '.' + title; }
  bool isFor(const filesystems::Filesystem& filesystem) const {
    if (traits.stops && !filesystem.error_trigger) return false;
    if (traits.without_journal && filesystem.without_journal.empty()) return false;
    return !traits.loss || std::ranges::count(filesystem.losses, *traits.loss) != 0;
  }
};

// The view of what was mounted. Null if the mount failed, which is a failure of the case.
const View* mounted(Subject& subject, const sys::Result& result, CalledFrom = Line::current());

// Whether open fails with EIO, as it does with series B on a volatile overlay that has failed. Any
// other errno is a failure of the case.
bool refusesNewFds(const View& view, const std::string& name, int flags = O_RDWR,
                   CalledFrom = Line::current());

// Every case of this program, in the order of the requirements.
std::vector<Case> allCases();
// Those that come first, and then the others as they are. The cases must outlive the result.
std::vector<const Case*> inOrderOfRunning(const std::vector<Case>& cases);

// Adds a case during static initialization.
struct Registration {
  explicit Registration(Case added);
};

}  // namespace conformance

// CASE(A2, EveryOpenFdReportsOnce) { ... } uses `subject`. Traits may follow the name:
// CASE(V2, SeenErrorIsOver, .subjects = kVolatileOnly).
#define CASE(requirement_id, title_of_case, ...)                                   \
  static void requirement_id##_##title_of_case([[maybe_unused]] Subject& subject); \
  static const Registration kRegistered_##requirement_id##_##title_of_case(        \
      {#requirement_id, #title_of_case, Line::current(), Traits{__VA_ARGS__},      \
       &requirement_id##_##title_of_case});                                        \
  static void requirement_id##_##title_of_case([[maybe_unused]] Subject& subject)
