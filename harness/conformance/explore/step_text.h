// SPDX-License-Identifier: GPL-2.0-only
// How a step is written in a case.
#pragma once

#include <string>

#include "model/step.h"

namespace conformance {

// The lines of a case that take this step and expect this errno (0: success), each with a newline.
// directory: whether the step's file is one, which is read in another way.
std::string textOf(const model::Step& step, int error, bool directory);

// What a step opens, and how: for open(2).
std::string nameToOpen(const model::Step& step);
int flagsToOpen(const model::Step& step);

}  // namespace conformance
