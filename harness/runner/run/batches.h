// SPDX-License-Identifier: GPL-2.0-only
// The batches of steps that `explore` has in the place of the cases.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runner/results/case_list.h"
#include "runner/run/options.h"

namespace runner {

// Lists the batches of what Exploration::text() says.
using ListBatches = std::function<std::vector<ListedCase>(const std::string& exploration)>;

// The batches that the options ask for, with those that --filter leaves out. Sets up the
// exploration so that the kinds that the filter leaves share all steps. Throws what parseFilter()
// and `list` throw.
std::vector<ListedCase> listBatches(RunOptions& options, const ListBatches& list);

}  // namespace runner
