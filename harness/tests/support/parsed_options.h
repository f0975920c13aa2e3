// SPDX-License-Identifier: GPL-2.0
// The command line as a test types it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "runner/base/failure.h"
#include "runner/cli/options.h"

namespace runner {

inline Options parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "ovl-syncfs");
  return parseOptions(static_cast<int>(words.size()), words.data());
}

// The message of the usage failure that these words cause.
inline std::string refusal(std::vector<const char*> words) {
  try {
    parsed(std::move(words));
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    return failure.what();
  }
  ADD_FAILURE() << "no failure";
  return "";
}

}  // namespace runner
