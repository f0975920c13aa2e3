// SPDX-License-Identifier: GPL-2.0
#include "series/check/finding.h"

#include <algorithm>

namespace runner {

std::string_view nameOf(Check check) {
  switch (check) {
    case Check::applies:
      return "applies";
    case Check::checkpatch:
      return "checkpatch";
    case Check::builtIn:
      return "built-in";
    case Check::module:
      return "module";
    case Check::off:
      return "off";
    case Check::sparse:
      return "sparse";
    case Check::doc:
      return "kernel-doc";
    case Check::bits:
      return "32-bit";
    case Check::suite:
      return "suite";
  }
  return "?";
}

bool PatchFindings::clean() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.clean; });
}

}  // namespace runner
