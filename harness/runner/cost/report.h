// SPDX-License-Identifier: GPL-2.0-only
// Reports on what the series cost.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "runner/base/style.h"
#include "runner/cost/cost_record.h"
#include "runner/results/results.h"

namespace runner {

// One kernel, and what each call took on it.
struct MeasuredKernel {
  std::string heading;  // "off", "a-syncfs", "+ b-volatile-failstop"
  KernelIdentity identity;
  std::vector<CallCost> costs;
};

struct CostRun {
  std::string filesystem;
  std::vector<MeasuredKernel> kernels;  // the first one is the baseline
  std::vector<std::string> notes;
  std::chrono::milliseconds total{0};  // the whole run
};

// A cell of the table: the instructions on the first kernel; on the others the difference ("+2",
// "0"), or their own number if the first kernel refuses the call. '~' if on either kernel less than
// half of the calls took exactly that many; "-" if the kernel refuses the call.
std::string costCell(const CostRun& run, std::size_t kernel, const CallCost& row);

// For a terminal.
std::string costTable(const CostRun& run, const Style& style);
// The table of Documentation/cost.md.
std::string costMarkdown(const CostRun& run);

}  // namespace runner
