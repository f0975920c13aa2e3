// SPDX-License-Identifier: GPL-2.0-only
// The architectures that are known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "architectures/architecture.h"

namespace architectures {

const std::vector<const Architecture*>& all();
// By Architecture::name; null for one that is not known.
const Architecture* find(std::string_view name);
std::string names();  // "um, x86_64"

std::string hostMachine();  // as `uname -m` says
// The QEMU architecture that runs the host's programs; null for an unknown host.
const Architecture* ofHost();

}  // namespace architectures
