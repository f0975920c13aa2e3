// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>

namespace runner {

// Runs the work of a program and returns its exit status. Turns every exception into a message on
// standard error and a status.
int runProgram(const std::function<int()>& work);

}  // namespace runner
