// SPDX-License-Identifier: GPL-2.0-only
// Results: what a run found, in the order of events. Reports use nothing else.
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

// The verdict of one case on one subject, or of the run; the two are never mixed up.
enum class Verdict {
  pass,
  fail,
  skip,   // with a reason
  xfail,  // failed, as its reason says it must
  xpass,  // passed, although its reason says it cannot
  // Verdicts of the run, not of a case:
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

  // What --filter matches: "A2.EveryOpenFdReportsOnce/ext4/overlay".
  std::string fullName() const { return name + '/' + filesystem + '/' + subject; }
};

struct CaseResult : CaseId {
  Verdict verdict = Verdict::error;
  std::string reason = {};  // why skip, xfail, xpass, or what happened to the machine
  std::vector<std::string> failures = {};  // "a1.cc:12: expected EIO, got success"
  std::vector<std::string> faults = {};    // "at 3 ms: 8 sectors of /base/data fail"
  std::vector<std::string> console = {};   // the console meanwhile, unless it passed
  std::chrono::milliseconds duration{0};
  bool reached = true;  // false: the machine ended before its turn came
};

// The circumstances of the calls that `explore` made, counted pair by pair: a mount option with a
// kind of file, a flag with an operation, and so on.
struct Pairs {
  std::size_t possible = 0;  // says the model
  std::size_t covered = 0;
  std::vector<std::string> missing = {};  // "volatile,index=on x fdatasync"
};

// One boot of one kernel on one filesystem.
struct MachineResult {
  std::string filesystem;
  std::string machine;  // "User-Mode Linux", "QEMU (TCG)"
  std::string kernel;   // the release that the guest reports: "7.3.4"
  bool series_on = false;
  bool own_kernel = false;  // the user's, without a series
  std::string_view side() const { return series_on ? "on" : "off"; }
  std::vector<CaseResult> cases;
  // What happened to the machine outside of its cases; pass if nothing did.
  Verdict verdict = Verdict::pass;
  std::string detail;                     // for a person: what was seen
  std::vector<std::string> console_tail;  // the last lines, unless all is well
  std::string console_log;                // file with the whole console
  // Ids of the quirks that the guest asked the kernel for, and of those that it has.
  std::vector<std::string> quirks_asked, quirks_found;
  std::string command;  // runs it again, without --fs: "./ovl-syncfs run --tree ..."
  std::chrono::milliseconds boot{0}, total{0};
  Pairs pairs = {};                     // without `explore`: none are possible
  std::vector<std::string> notes = {};  // about the kernel, from the guest
  std::vector<std::string> lacks = {};  // what the kernel lacks, so that no case could run
};

// Why one of several trees has no kernel. For a single tree, the Failure is thrown instead.
struct KernelFailure {
  ExitStatus status = ExitStatus::build;  // or environment
  std::string what;                       // as in Failure
  std::string command;                    // tries it again: "./ovl-syncfs run --tree 6.1.y ..."
};

// Everything about one tree.
struct TreeResults {
  // "6.1.y"; for the user's own kernel its file name. Unique in a run; also the name of the
  // directory with the tree's reports.
  std::string title;
  std::vector<KernelIdentity> kernels;   // one, or two with --series both: off, then on
  std::vector<MachineResult> machines;   // in the order in which they were planned
  std::optional<KernelFailure> failure;  // then no machine ran
  std::vector<std::string> guards;     // ids of the requirements that also hold without the series
  std::vector<std::string> notes;      // printed once: "the host has no /dev/kvm: ..."
  std::chrono::milliseconds total{0};  // of its machines; of a single tree: of the whole run

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

  // If so, the reports and the table are those of the tree, and nothing compares trees.
  bool isOfOneTree() const { return trees.size() == 1 && !trees.front().failure; }
  std::string wordsOf(const std::string& requirement) const {
    const auto found = requirements.find(requirement);
    return found == requirements.end() ? "" : found->second;
  }
};

// Of all JSON reports; raised when a member is removed or changes its meaning.
inline constexpr int kJsonFormat = 1;

// Each value once, in order of first occurrence.
inline std::vector<std::string> distinct(const std::vector<std::string>& values) {
  std::vector<std::string> once;
  for (const std::string& value : values) {
    if (std::ranges::find(once, value) == once.end()) once.push_back(value);
  }
  return once;
}

// The filesystems of machines, the requirements of cases, and the like.
template <typename Range, typename Projection>
std::vector<std::string> distinct(const Range& range, Projection projection) {
  std::vector<std::string> values;
  std::ranges::transform(range, std::back_inserter(values), projection);
  return distinct(values);
}

}  // namespace runner
