// SPDX-License-Identifier: GPL-2.0
// What a user asks for of a run: which kernel, on what, and where the reports go.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "runner/run/shard.h"

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

}  // namespace runner
