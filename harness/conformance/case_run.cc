// SPDX-License-Identifier: GPL-2.0
#include "conformance/case_run.h"

#include <gtest/gtest.h>

#include <exception>

#include "conformance/interrupts.h"

namespace conformance {
namespace {

class CaseTest : public testing::Test {
 public:
  CaseTest(CaseRun& run, FailingDisk& disk, Workspace& workspace)
      : run_(run), disk_(disk), workspace_(workspace) {}

 protected:
  void TestBody() override {
    if (interruptWaits()) {
      run_.skipped = "interrupted";
      return;
    }
    FaultLog log;
    try {
      Subject subject(run_.subject, disk_, workspace_, run_.test->traits.overlay_options, log);
      runBody(subject);
      subject.tearDown();
    } catch (const std::exception& error) {
      note(error.what());
    }
    run_.faults = log.lines();
  }

 private:
  void runBody(Subject& subject) {
    try {
      run_.test->body(subject);
    } catch (const Skipped& skipped) {
      run_.skipped = skipped.reason;
    } catch (const std::exception& error) {
      note(error.what());
    }
  }

  // The first error is the cause, what follows may be its consequence: none is dropped.
  void note(const std::string& error) {
    if (!run_.error.empty()) run_.error += "; then ";
    run_.error += error;
  }

  CaseRun& run_;
  FailingDisk& disk_;
  Workspace& workspace_;
};

}  // namespace

void registerWithGoogleTest(CaseRun& run, FailingDisk& disk, Workspace& workspace) {
  const std::string full_name = run.fullName();
  const std::string in_suite = full_name.substr(full_name.find('.') + 1);
  testing::RegisterTest(
      run.test->requirement.c_str(), in_suite.c_str(), nullptr, nullptr, run.test->file.c_str(),
      run.test->line,
      [&run, &disk, &workspace]() -> CaseTest* { return new CaseTest(run, disk, workspace); });
}

}  // namespace conformance
