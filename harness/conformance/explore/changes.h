// SPDX-License-Identifier: GPL-2.0-only
// What a step of a sequence changes: a name or an attribute.
#pragma once

#include <string>
#include <vector>

#include "conformance/view.h"
#include "sys/result.h"

namespace conformance {

struct Change {
  const char* title;  // "link"
  // existing: a file that is there; made: a path that nothing has yet.
  int (*call)(const char* existing, const char* made);
};

// By the number that a step gives; the first copies a file up (model::kCopyUp).
const std::vector<Change>& changes();
// Makes the change with this title; `made` is a name for what is new. Throws std::out_of_range.
sys::Result change(const std::string& title, const View& view, const std::string& made);

// Makes a directory and gives it that name by a rename. Throws SetupError.
void makeAndRename(const View& view, const std::string& name);

}  // namespace conformance
