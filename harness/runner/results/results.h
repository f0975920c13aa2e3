// SPDX-License-Identifier: GPL-2.0
// Results: what a run found out, in the order in which it happened. Reports are made from this
// alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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

// A case on one filesystem and subject.
struct CaseId {
  std::string name;         // "A2.EveryOpenFdReportsOnce"
  std::string requirement;  // "A2"
  std::string filesystem;   // "ext4"
  std::string subject;      // "plain", "overlay", "volatile"

  // "A2.EveryOpenFdReportsOnce/ext4/overlay": what --filter matches.
  std::string fullName() const { return name + '/' + filesystem + '/' + subject; }
};

struct CaseResult : CaseId {
  Verdict verdict = Verdict::error;
  std::string reason = {};  // why skip, xfail, xpass, or what happened to the machine
  std::vector<std::string> failures = {};  // "a1.cc:12: expected EIO, got success"
  std::vector<std::string> faults = {};    // "at 3 ms: 8 sectors of /base/data fail"
  std::vector<std::string> console = {};   // what the kernel said meanwhile, unless it passed
  std::chrono::milliseconds duration{0};
  bool reached = true;  // false: the machine ended before its turn came
};

// One boot of one kernel on one filesystem.
struct MachineResult {
  std::string filesystem;
  std::string machine;  // "User-Mode Linux", "QEMU (TCG)"
  std::string kernel;   // what the guest says it is: "7.3.4"
  bool series_on = false;
  bool own_kernel = false;  // the user's: there is no series to speak of
  std::string_view side() const { return series_on ? "on" : "off"; }
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
struct TreeResults {
  // "6.1.y"; for the user's own kernel the name of its file. No two of a run have the same one; it
  // also names the directory with the tree's reports.
  std::string title;
  std::vector<KernelIdentity> kernels;   // one, or two with --series both: off, then on
  std::vector<MachineResult> machines;   // in the order in which they were planned
  std::optional<KernelFailure> failure;  // then no machine ran
  std::vector<std::string> guards;     // ids of the requirements that also hold without the series
  std::vector<std::string> notes;      // said once: "KVM does not answer here, using TCG"
  std::chrono::milliseconds total{0};  // its machines' time; of the only tree: the whole run

  bool comparesSides() const { return kernels.size() == 2; }
  // Of all machines.
  std::vector<const CaseResult*> cases() const {
    std::vector<const CaseResult*> all;
    for (const MachineResult& machine : machines) {
      for (const CaseResult& each : machine.cases) all.push_back(&each);
    }
    return all;
  }
};

// A run, of one tree or several.
struct Results {
  std::string version;                              // of this project
  std::map<std::string, std::string> requirements;  // id -> in words
  std::string filter;                               // as the user typed it; empty: every case
  std::vector<TreeResults> trees;                   // as the user named them
  std::chrono::milliseconds total{0};               // the whole run
  bool interrupted = false;

  // Then there are the reports and the table of that tree, and nothing that compares trees.
  bool isOfOneTree() const { return trees.size() == 1 && !trees.front().failure; }
  std::string wordsOf(const std::string& requirement) const {
    const auto found = requirements.find(requirement);
    return found == requirements.end() ? "" : found->second;
  }
};

// Of all JSON reports; raised when a member changes its meaning or goes.
inline constexpr int kJsonFormat = 1;

// Each value once, in the order in which they come first.
inline std::vector<std::string> distinct(const std::vector<std::string>& values) {
  std::vector<std::string> once;
  for (const std::string& value : values) {
    if (std::ranges::find(once, value) == once.end()) once.push_back(value);
  }
  return once;
}

// Of machines their filesystems, of cases their requirements, and the like.
template <typename Range, typename Projection>
std::vector<std::string> distinct(const Range& range, Projection projection) {
  std::vector<std::string> values;
  std::ranges::transform(range, std::back_inserter(values), projection);
  return distinct(values);
}

}  // namespace runner
