// SPDX-License-Identifier: GPL-2.0
// Case: one statement of a requirement, as code that runs on every subject that it applies to.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/expect.h"
#include "conformance/skip.h"
#include "conformance/subject.h"

namespace conformance {

// What a case says about itself, apart from its steps.
struct Traits {
  // The bare filesystem comes first: it is the oracle.
  std::vector<SubjectKind> subjects = {SubjectKind::plain, SubjectKind::overlay};
  std::string overlay_options = {};  // more options of the overlay's mount, "metacopy=on"
  // Every call that is under test answers on the overlay what it answers on the bare filesystem,
  // whatever that is.
  bool as_plain = false;
  bool long_running = false;  // only in the group "long", for what needs many repetitions
  int limit_seconds = 20;     // no verdict by then: the machine hangs
};

// To be named in a case's traits.
inline const std::vector<SubjectKind> kOverlayOnly = {SubjectKind::overlay};
inline const std::vector<SubjectKind> kVolatileOnly = {SubjectKind::volatile_overlay};
inline const std::vector<SubjectKind> kEverySubject = {SubjectKind::plain, SubjectKind::overlay,
                                                       SubjectKind::volatile_overlay};

struct Case {
  std::string requirement;  // "A2"
  std::string title;        // "EveryOpenFdReportsOnce"
  Line line;                // where it is written
  Traits traits;
  std::function<void(Subject&)> body;

  std::string name() const { return requirement + '.' + title; }
};

// What was mounted, if it was; a failure of the case and nothing if not.
const View* mounted(Subject& subject, const sys::Result& result, CalledFrom = Line::current());

// With series B nobody comes by a new fd of a volatile overlay that has failed: true if so. Any
// other errno is a failure of the case.
bool refusesNewFds(const View& view, const std::string& name, int flags = O_RDWR,
                   CalledFrom = Line::current());

// Every case of this program, in the order of the requirements.
std::vector<Case> allCases();

// Adds a case while the program starts.
struct Registration {
  explicit Registration(Case added);
};

}  // namespace conformance

// CASE(A2, EveryOpenFdReportsOnce) { ... } uses `subject`. After the name, traits may follow:
// CASE(V2, SeenErrorIsOver, .subjects = kVolatileOnly).
#define CASE(requirement_id, title_of_case, ...)                                   \
  static void requirement_id##_##title_of_case([[maybe_unused]] Subject& subject); \
  static const Registration kRegistered_##requirement_id##_##title_of_case(        \
      {#requirement_id, #title_of_case, Line::current(), Traits{__VA_ARGS__},      \
       &requirement_id##_##title_of_case});                                        \
  static void requirement_id##_##title_of_case([[maybe_unused]] Subject& subject)
