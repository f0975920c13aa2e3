// SPDX-License-Identifier: GPL-2.0
// Results: what a run found out, in the order in which it happened. Reports are made from this
// alone.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/failure.h"
#include "runner/kernels/identity.h"

namespace runner {

// The verdict of one case on one subject, or of the run; never turned into one another.
enum class Verdict {
  pass,
  fail,
  skip,   // with a reason
  xfail,  // failed, as its reason says it has to
  xpass,  // passed, although its reason says it cannot
  // What is no verdict of the case but of the run:
  timeout,
  panic,
  splat,
  lost,
  error,  // ours: a fault that never hit, a setup that failed, a stream that broke off
};

struct CaseResult {
  std::string name;         // "A2.EveryOpenFdReportsOnce"
  std::string requirement;  // "A2"
  std::string filesystem;   // "ext4"
  std::string subject;      // "plain", "overlay", "volatile"
  Verdict verdict = Verdict::error;
  std::string reason;                 // why skip, xfail, xpass, or what happened to the machine
  std::vector<std::string> failures;  // "a1.cc:12: expected EIO, got success", expected and got
  std::vector<std::string>
      faults;  // "at 3 ms: 8 sectors of /base/data fail", what was broken, when
  std::vector<std::string> console;  // what the kernel said meanwhile, last lines, unless passed
  std::chrono::milliseconds duration{0};
  bool reached = true;  // false: the machine ended before its turn came

  // "A2.EveryOpenFdReportsOnce/ext4/overlay": what --filter matches.
  std::string fullName() const { return name + '/' + filesystem + '/' + subject; }
};

// One boot of one kernel on one filesystem.
struct MachineResult {
  std::string filesystem;
  std::string machine;  // "User-Mode Linux", "QEMU (TCG)"
  std::string kernel;   // what the guest says it is: "7.3.4"
  bool series_on = false;
  bool own_kernel = false;  // the user's: there is no series to speak of
  std::vector<CaseResult> cases;
  // What befell the machine as a whole, when that isn't told by a case: pass if nothing did.
  Verdict verdict = Verdict::pass;
  std::string detail;                     // for a person: what was seen
  std::vector<std::string> console_tail;  // the last lines, when the verdict isn't pass
  std::string console_log;                // path of the whole console
  std::string command;  // runs it again, but for --fs: "./ovl-syncfs run --tree ..."
  std::chrono::milliseconds boot{0}, total{0};
};

// Why one tree of several has no kernel that runs. That of a single tree is thrown.
struct KernelFailure {
  ExitStatus status = ExitStatus::build;  // or environment
  std::string what;                       // as of Failure
  std::string command;                    // tries it again: "./ovl-syncfs run --tree 6.1.y ..."
};

// Everything about one tree.
struct RunResults {
  std::string version;                              // of this project
  std::vector<KernelIdentity> kernels;              // one, or two with --series both: off, then on
  std::vector<MachineResult> machines;              // in the order in which they were planned
  std::optional<KernelFailure> failure;             // then no machine ran
  std::map<std::string, std::string> requirements;  // id -> in words
  std::vector<std::string> guards;     // ids of those that also hold without the series
  std::string filter;                  // as the user typed it; empty: every case
  std::vector<std::string> notes;      // said once: "KVM does not answer here, using TCG"
  std::chrono::milliseconds total{0};  // the whole run; of one tree of several: its machines' time
  bool interrupted = false;
};

// Several trees in one run, as the user named them.
struct MatrixResults {
  struct Tree {
    // "6.1.y"; for the user's own kernel the name of its file. No two have the same one; it also
    // names the folder with the tree's reports.
    std::string title;
    RunResults results;
  };

  std::string version;  // of this project
  std::vector<Tree> trees;
  std::chrono::milliseconds total{0};  // the whole run
  bool interrupted = false;
};

// A run of one tree has the reports and the table of that tree and nothing else.
template <typename Work>
auto withResults(const MatrixResults& matrix, const Work& work) {
  const bool one = matrix.trees.size() == 1 && !matrix.trees.front().results.failure;
  return one ? work(matrix.trees.front().results) : work(matrix);
}

}  // namespace runner
