// SPDX-License-Identifier: GPL-2.0-only
// How a step is written in a case.
#pragma once

#include <string>

#include "model/world.h"

namespace conformance {

// The lines of a case that take this step and expect this errno (0: success), each with a newline.
// world: after the step.
std::string textOf(const model::World& world, const model::Step& step, int error);

// What a step makes.
std::string nameOfNew(const model::Step& step);
// What a step opens, and how: for open(2).
std::string nameToOpen(const model::Step& step);
int flagsToOpen(const model::Step& step);

// For a person.
std::string nameOf(model::Verb verb);
std::string nameOf(model::Target target);
std::string nameOf(const model::MountMode& mode);

}  // namespace conformance
