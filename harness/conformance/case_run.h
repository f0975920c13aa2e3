// SPDX-License-Identifier: GPL-2.0-only
// CaseRun: one case on one filesystem and subject, and how it went.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/trace.h"

namespace conformance {

struct CaseRun {
  const Case* test = nullptr;
  std::string filesystem;
  SubjectKind subject = SubjectKind::plain;

  std::vector<std::string> faults;
  std::string skipped;           // the reason, if it was skipped
  std::string error;             // what went wrong in the suite itself
  std::string expected_failure;  // the reason why it must fail, if so

  // "A2.EveryOpenFdReportsOnce/ext4/overlay": GoogleTest's name for it as well.
  std::string fullName() const {
    return test->name() + '/' + filesystem + '/' + std::string(name(subject));
  }
};

// By full name.
using CaseRuns = std::map<std::string, CaseRun>;

// What the bare filesystem answered in each as_plain case, by "A6.Title/ext4".
using Oracle = std::map<std::string, Trace>;

// Registers one run with GoogleTest; all four arguments must outlive RUN_ALL_TESTS().
void registerWithGoogleTest(CaseRun& run, FailingDisk& disk, Workspace& workspace, Oracle& oracle);

}  // namespace conformance
