// SPDX-License-Identifier: GPL-2.0-only
// Sample results, for the tests of the reports.
#pragma once

#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace samples {

// A report as a file has it.
inline constexpr runner::Style kPlain{.color = false, .unicode = false, .width = 100};

inline runner::CaseResult caseResult(const std::string& name, const std::string& filesystem,
                                     const std::string& subject, runner::Verdict verdict,
                                     const std::string& reason = "") {
  runner::CaseResult result;
  result.name = name;
  result.requirement = name.substr(0, name.find('.'));
  result.filesystem = filesystem;
  result.subject = subject;
  result.verdict = verdict;
  result.reason = reason;
  result.duration = std::chrono::milliseconds(12);
  return result;
}

// A failure with everything that a failure can have.
inline runner::CaseResult failedCase(const std::string& filesystem) {
  runner::CaseResult result =
      caseResult("A2.EveryOpenFdReportsOnce", filesystem, "overlay", runner::Verdict::fail);
  result.failures = {"a2.cc:12: expected EIO (Input/output error), got success"};
  result.faults = {"at 3 ms: 8 sectors of /base/data fail"};
  result.console = {"[    1.0] Buffer I/O error on dev dm-0"};
  return result;
}

inline runner::MachineResult machine(const std::string& filesystem, bool series_on = true) {
  runner::MachineResult result;
  result.filesystem = filesystem;
  result.machine = "User-Mode Linux";
  result.kernel = "7.3.4";
  result.series_on = series_on;
  result.boot = std::chrono::milliseconds(310);
  result.total = std::chrono::milliseconds(1200);
  result.command = std::string("./ovl-syncfs run --tree mainline --series ") +
                   (series_on ? "on" : "off") + " --machine uml";
  return result;
}

inline runner::KernelIdentity kernel(bool series_on = true) {
  runner::KernelIdentity identity;
  identity.tree = "mainline";
  identity.release = "7.3.4";
  identity.source = "linux 7.3.4-1~bpo13+1, pristine";
  identity.series = series_on ? "a-syncfs (3 patches)" : "off";
  identity.image = "/cache/linux";
  identity.key = "0123abcd";
  identity.compiler = "gcc 12.2.0";
  return identity;
}

// One kernel on ext4 and xfs: each passes A1 and skips V1; A2 fails on the overlay of both.
inline runner::Results failedRun() {
  runner::TreeResults tree;
  tree.kernels = {kernel()};
  for (const char* filesystem : {"ext4", "xfs"}) {
    runner::MachineResult result = machine(filesystem);
    result.cases = {
        caseResult("A1.ReportedOnce", filesystem, "plain", runner::Verdict::pass),
        caseResult("A1.ReportedOnce", filesystem, "overlay", runner::Verdict::pass),
        caseResult("A2.EveryOpenFdReportsOnce", filesystem, "plain", runner::Verdict::pass),
        failedCase(filesystem),
        caseResult("V1.MountFails", filesystem, "volatile", runner::Verdict::skip, "no such mode")};
    tree.machines.push_back(result);
  }
  tree.total = std::chrono::milliseconds(1300);
  runner::Results results;
  results.version = "v1";
  results.requirements = {{"A1", "An fd open before the error: syncfs returns it once, then 0."},
                          {"A2",
                           "Every fd open before the error gets it once, in any order; a "
                           "report on one never hides it from another."},
                          {"V1", "Unseen upper error at mount: the mount fails with EIO."}};
  results.trees = {tree};
  return results;
}

// --series both on ext4: A2 on the overlay is proven, everything else guarded.
inline runner::Results comparedRun() {
  runner::TreeResults tree;
  tree.kernels = {kernel(false), kernel(true)};
  tree.guards = {"V1"};
  for (const bool series_on : {false, true}) {
    runner::MachineResult result = machine("ext4", series_on);
    result.cases = {caseResult("A2.EveryOpenFdReportsOnce", "ext4", "plain", runner::Verdict::pass),
                    series_on ? caseResult("A2.EveryOpenFdReportsOnce", "ext4", "overlay",
                                           runner::Verdict::pass)
                              : failedCase("ext4"),
                    caseResult("V1.MountFails", "ext4", "volatile", runner::Verdict::pass)};
    tree.machines.push_back(result);
  }
  runner::Results results;
  results.trees = {tree};
  return results;
}

// A machine that panicked in its second case of three.
inline runner::Results panickedRun() {
  runner::TreeResults tree;
  tree.kernels = {kernel()};
  runner::MachineResult result = machine("ext4");
  result.cases = {caseResult("A1.ReportedOnce", "ext4", "plain", runner::Verdict::pass),
                  caseResult("A1.ReportedOnce", "ext4", "overlay", runner::Verdict::panic,
                             "Kernel panic - not syncing: Attempted to kill init"),
                  caseResult("V1.MountFails", "ext4", "volatile", runner::Verdict::lost,
                             "not run: the machine panicked in A1.ReportedOnce/ext4/overlay")};
  result.cases[1].console = {"[    2.0] \x1b[31mKernel panic\x1b[0m - not syncing"};
  result.cases[2].reached = false;
  tree.machines = {result};
  runner::Results results;
  results.trees = {tree};
  return results;
}

// A tree that conflicts with its series: nothing ran.
inline runner::Results unbuiltRun() {
  runner::TreeResults tree;
  tree.failure = {runner::ExitStatus::build,
                  "0002-ovl-syncfs.patch does not apply to 5.10.262:\n  fs/overlayfs/super.c: "
                  "hunk 2 of 3 failed",
                  "./ovl-syncfs run --tree 5.10.y --series both"};
  runner::Results results;
  results.version = "v1";
  results.trees = {tree};
  return results;
}

// The only tree of a run, with that title.
inline runner::TreeResults titled(const std::string& title, const runner::Results& run) {
  runner::TreeResults tree = run.trees.front();
  tree.title = title;
  return tree;
}

// comparedRun() on ext4 and xfs, of that tree.
inline runner::TreeResults comparedTree(const std::string& title, const std::string& release) {
  runner::TreeResults tree = titled(title, comparedRun());
  const std::vector<runner::MachineResult> on_ext4 = tree.machines;
  for (runner::MachineResult machine : on_ext4) {
    machine.filesystem = "xfs";
    for (runner::CaseResult& result : machine.cases) result.filesystem = "xfs";
    tree.machines.push_back(machine);
  }
  for (runner::KernelIdentity& kernel : tree.kernels) {
    kernel.tree = title;
    kernel.release = release;
    kernel.source = "linux " + release + "-1, pristine";
  }
  tree.total = std::chrono::milliseconds(4800);
  return tree;
}

// --series both: mainline is as it should be, 6.1.y runs in QEMU, 5.10.y was not built.
inline runner::Results matrix() {
  runner::Results results;
  results.version = "v1";
  results.trees = {comparedTree("mainline", "7.3.4"), comparedTree("6.1.y", "6.1.192"),
                   titled("5.10.y", unbuiltRun())};
  for (runner::MachineResult& machine : results.trees[1].machines) machine.machine = "QEMU (TCG)";
  results.total = std::chrono::milliseconds(6000);
  return results;
}

}  // namespace samples
