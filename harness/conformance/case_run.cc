// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/case_run.h"

#include <gtest/gtest.h>

#include <exception>

#include "conformance/interrupts.h"
#include "conformance/needs.h"
#include "conformance/quirks.h"

namespace conformance {
namespace {

class CaseTest : public testing::Test {
 public:
  CaseTest(CaseRun& run, FailingDisk& disk, Workspace& workspace, Oracle& oracle)
      : run_(run), disk_(disk), workspace_(workspace), oracle_(oracle) {}

 protected:
  void TestBody() override {
    if (interruptPending()) {
      run_.skipped = "interrupted";
      return;
    }
    if (const filesystems::Quirk* quirk = quirkThatSkips(disk_.filesystem(), run_.test->name())) {
      run_.skipped = quirk->reason;
      return;
    }
    if (const filesystems::Quirk* quirk = quirkThatFails(disk_.filesystem(), run_.test->name())) {
      run_.expected_failure = quirk->reason;
    }
    if (run_.subject != SubjectKind::plain && isAsPlain() && oracle_.count(oracleKey()) == 0) {
      // A filter has excluded the bare filesystem.
      const Line& line = run_.test->line;
      const testing::ScopedTrace scope(line.file, line.number,
                                       "on the bare filesystem, the oracle");
      runOn(SubjectKind::plain);
      keepOracle();
    }
    if (!hasVerdict()) runOn(run_.subject);
    if (hasVerdict()) return;
    if (!isAsPlain()) {
      if (currentTrace().needsOracle()) note("COMPARE in a case that is not as_plain");
      return;
    }
    if (run_.subject == SubjectKind::plain) {
      keepOracle();
    } else {
      compareWithOracle();
    }
  }

 private:
  bool isAsPlain() const { return run_.test->traits.as_plain; }
  bool hasVerdict() const { return !run_.skipped.empty() || !run_.error.empty(); }
  std::string oracleKey() const { return run_.test->name() + '/' + run_.filesystem; }

  void keepOracle() {
    if (hasVerdict()) return;
    if (!currentTrace().provesSomething()) {
      run_.skipped = "the bare filesystem reported no error, so there is nothing to compare with";
      return;
    }
    oracle_[oracleKey()] = currentTrace();
  }

  void compareWithOracle() {
    const Trace& oracle = oracle_.at(oracleKey());
    if (currentTrace() == oracle) return;
    const Line& line = run_.test->line;
    GTEST_MESSAGE_AT_(line.file, line.number, currentTrace().besideOracle(oracle).c_str(),
                      testing::TestPartResult::kNonFatalFailure);
  }

  void runOn(SubjectKind kind) {
    currentTrace() = {};
    // B is about volatile overlays that fail as a whole, V about what "volatile" alone means.
    const bool failstop = run_.test->requirement.starts_with('B');
    const std::string volatile_option = failstop ? failstopOption(disk_.filesystem()) : "volatile";
    const auto on_subject = [&](const std::string& options,
                                const std::function<void(Subject&)>& body) {
      FaultLog log;
      try {
        Subject subject(kind, disk_, workspace_, options, log, volatile_option);
        noting([&] { body(subject); });
        noting([&] { subject.tearDown(); });
      } catch (const std::exception& error) {
        note(error.what());
      }
      run_.faults = log.lines();  // of the last one
      return !hasVerdict();
    };
    if (run_.test->on_subjects) {
      noting([&] { run_.test->on_subjects(on_subject); });
    } else {
      on_subject(run_.test->traits.overlay_options, run_.test->body);
    }
  }

  void noting(const std::function<void()>& step) {
    try {
      step();
    } catch (const Skipped& skipped) {
      run_.skipped = skipped.reason;
    } catch (const std::exception& error) {
      note(error.what());
    }
  }

  // Keeps all errors: the first is the cause, the others may be consequences.
  void note(const std::string& error) {
    if (!run_.error.empty()) run_.error += "; then ";
    run_.error += error;
  }

  CaseRun& run_;
  FailingDisk& disk_;
  Workspace& workspace_;
  Oracle& oracle_;
};

}  // namespace

void registerWithGoogleTest(CaseRun& run, FailingDisk& disk, Workspace& workspace, Oracle& oracle) {
  const std::string full_name = run.fullName();
  const std::string in_suite = full_name.substr(full_name.find('.') + 1);
  const Line& line = run.test->line;
  testing::RegisterTest(run.test->requirement.c_str(), in_suite.c_str(), nullptr, nullptr,
                        line.file, line.number, [&run, &disk, &workspace, &oracle]() -> CaseTest* {
                          return new CaseTest(run, disk, workspace, oracle);
                        });
}

}  // namespace conformance
