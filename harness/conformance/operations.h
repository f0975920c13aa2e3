// SPDX-License-Identifier: GPL-2.0-only
// The operations of B2: whatever a program can ask of a file, by its descriptor or by its name.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/view.h"
#include "sys/result.h"

namespace conformance {

// The call under test, with everything that it needs already open. It may be called again if it has
// failed.
using Call = std::function<sys::Result()>;
// Prepares the call on this view, while everything still works. Throws SetupError, and Skipped or
// NoAcls if the kernel lacks the operation.
using Preparation = std::function<Call(const View&)>;

// The filesystem has no ACLs in this kernel. A View does not know which filesystem it is on.
struct NoAcls {};

struct Operation {
  std::string title;  // the beginning of a case's title: "Pread", "UnlinkOfALowerFile"
  Preparation prepare;
};

// On an open file or directory.
const std::vector<Operation>& operationsOnDescriptors();
// On the attributes of an open file or directory: its mode and owner, extended attributes, ACLs and
// flags.
const std::vector<Operation>& operationsOnAttributes();
// By name: each walks a path, or starts from an open directory.
const std::vector<Operation>& operationsOnNames();
// One of these, by its title. Throws std::out_of_range.
const Operation& operation(const std::string& title);
// What a failed overlay still allows: names that the dcache has, and stat.
const std::vector<Operation>& operationsThatGoOn();

}  // namespace conformance
