// SPDX-License-Identifier: GPL-2.0-only
// The options that select a kernel, machines and filesystems, which several commands share.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "runner/base/command_line.h"
#include "runner/run/shard.h"

namespace runner {

enum class SeriesChoice { on, off, both };
// Whether the series is on, for each kernel in the order of a run.
std::vector<bool> sidesOf(SeriesChoice series);

// What `run` and `build` have in common: which kernel.
struct KernelOptions {
  std::string tree = "mainline";  // for `run` and `explore` also a list (trees.h)
  // For source of the user's own: the tree of ours whose series goes on a copy of it; "auto": the
  // one that suits it; empty: it is built as it is.
  std::string apply;
  SeriesChoice series = SeriesChoice::on;
  std::vector<std::string> with;       // only these series of the tree; empty: all
  std::optional<std::size_t> patches;  // only the first so many; nothing: all
  std::filesystem::path modules;       // of the user's own image; empty: where they belong
  // Nothing without --machine: User-Mode Linux, or what the user's own image needs.
  std::optional<qemu::Kind> machine;
  bool smp = false;  // a kernel for several processors, for the long cases
  std::string lane;  // as in KernelRequest
};

// What `explore` has in the place of the cases: sequences of steps made at random.
struct Exploration {
  unsigned seed = 1;
  // On each filesystem. At most one of them is not 0; if none, it is kUsualSteps.
  unsigned steps = 0;
  unsigned seconds = 0;
  // The guest has batches of so many kinds, which share the steps; --filter leaves so many of them.
  std::size_t kinds = 1;
  std::size_t kinds_left = 1;

  static constexpr unsigned kUsualSteps = 20'000, kMostSteps = 100'000'000;
  unsigned stepCount() const { return steps != 0 ? steps : kUsualSteps; }
  // "1,20000" or "1,600s", as the guest program takes it. As it shares them by all kinds, it is
  // asked for more if only some of these run.
  std::string text() const;
};

struct RunOptions {
  KernelOptions kernel;
  std::vector<std::string> filesystems;          // empty: all whose mkfs tool is installed
  bool names_all = false;                        // --fs all was typed
  std::string filter;                            // as typed; empty: every case
  std::string group = "quick";                   // of cases: "quick", "long" or "all"
  std::optional<Exploration> exploration;        // instead of the cases
  bool disarmed = false;                         // inject no fault, to test the suite itself
  unsigned jobs = 0;                             // 0: one per CPU, at most one per machine
  std::optional<qemu::Accelerator> accelerator;  // nothing: the best that works on the host
  std::filesystem::path out;                     // empty: in the cache
  std::filesystem::path table;                   // a file for the table; empty: none
  std::optional<Shard> shard;                    // only this part of the machines; nothing: all
};

// --tree for a command that takes one tree; own: also a kernel of the user's own.
void addTree(CLI::App& command, KernelOptions& kernel, bool own = true);
// --modules.
void addModules(CLI::App& command, KernelOptions& kernel);
// --apply, for a command that takes --series and kernels of the user's own.
void addApply(CLI::App& command, KernelOptions& kernel);
void addWith(CLI::App& command, KernelOptions& kernel);
// --series (`both` only if the command can use two kernels), --with and --patches.
void addSeries(CLI::App& command, KernelOptions& kernel, bool both = true);
// --machine and --debug.
void addMachine(CLI::App& command, KernelOptions& kernel);
// --fs for a command that uses one disk; default: the first filesystem of the registry.
void addOneFilesystem(CLI::App& command, RunOptions& options);
// --fs for a command that takes several; all: also the word `all`, which is the default.
void addFilesystems(CLI::App& command, RunOptions& options, const std::string& about, bool all);
// --profiles.
void addProfiles(CLI::App& command, RunOptions& options);
void addGroup(CLI::App& command, RunOptions& options);
void addAccelerator(CLI::App& command, RunOptions& options);
// --jobs, --accel and --out.
void addBoot(CLI::App& command, RunOptions& options);
void addOut(CLI::App& command, std::filesystem::path& out);
void addTable(CLI::App& command, std::filesystem::path& table);

// All options of `run`.
void addRun(CLI::App& command, RunOptions& options);
// All options of `explore`.
void addExplore(CLI::App& command, RunOptions& options);

// The end of --help; the manual page has it once.
inline constexpr const char* kExitStatus = R"(Exit status:
  0 all passed      3 error of the suite    6 splat (BUG, WARNING, ...)   9 the host lacks something
  1 a case failed   4 timeout               7 the machine was lost        128+N ended by signal N
  2 wrong usage     5 panic                 8 the kernel did not build    141 output closed
The worst one decides: panic, splat, timeout, lost, error, fail.)";

}  // namespace runner
