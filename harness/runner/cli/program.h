// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <functional>

namespace runner {

// Runs the work of a program and gives its exit status. Every way to end has its message on
// standard error and its status: what is thrown does not leave.
int runProgram(const std::function<int()>& work);

}  // namespace runner
