// SPDX-License-Identifier: GPL-2.0
// Options: the command line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "runner/series_options.h"
#include "runner/shard.h"

namespace runner {

enum class SeriesChoice { on, off, both };

// What `run` and `build` have in common: which kernel.
struct KernelOptions {
  std::string tree = "mainline";  // of `run` also several of them (tree_list.h)
  SeriesChoice series = SeriesChoice::on;
  std::vector<std::string> with;       // only these series of the tree; empty: all
  std::optional<std::size_t> patches;  // only so many, the first ones; nothing: all
  // Nothing when the user did not say: User-Mode Linux, or what the user's own image needs.
  std::optional<qemu::Kind> machine;
  bool smp = false;    // a kernel for several processors, for the long cases
  bool debug = false;  // a kernel that checks itself
};

struct RunOptions {
  KernelOptions kernel;
  std::vector<std::string> filesystems;  // empty: every one whose mkfs tool is here
  std::string filter;                    // as typed; empty: every case
  std::string group = "quick";           // of cases: "quick", "long" or "all"
  bool disarmed = false;                 // no fault is injected, for a test of the suite itself
  unsigned jobs = 0;                     // 0: one for each core, at most one for each machine
  std::optional<qemu::Accelerator> accelerator;  // nothing: the best that works here
  std::filesystem::path out;                     // empty: below the cache
  std::filesystem::path table;                   // a file for the table; empty: none
  std::optional<Shard> shard;                    // only this part of the machines; nothing: all
  std::filesystem::path disk;  // of shell: an image that keeps what is written; empty: none
};

// What `mutants` prints: a table for people, one for Documentation/mutants.md, or only the names.
enum class MutantsOutput { table, markdown, list };

struct Options {
  enum class Command {
    run,
    shell,
    build,
    mutants,
    cost,
    series,
    list,
    merge,
    doctor,
    test,
    version,
    text
  };

  Command command = Command::text;
  RunOptions run;            // of run, shell, mutants, cost; build uses run.kernel
  bool is_volatile = false;  // of shell: the overlay
  MutantsOutput mutants = MutantsOutput::table;  // of mutants
  bool markdown = false;                         // of cost
  SeriesOptions series;
  bool source = false;             // of build: the source is enough
  bool json = false;               // of list
  std::vector<std::string> merge;  // of merge: the folders of the shards
  std::vector<std::string> test_arguments;
  std::string text;  // of text: --help, to be printed
};

// Throws Failure (usage) that names what is wrong and what would be right; nothing has happened
// then.
Options parseOptions(int count, const char* const* arguments);

}  // namespace runner
