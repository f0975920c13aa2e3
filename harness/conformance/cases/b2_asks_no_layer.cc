// SPDX-License-Identifier: GPL-2.0-only
// B2: an operation that fails has asked no layer. The layer that it would ask is a volatile overlay
// on the same upper filesystem, which finds the error when it is asked, and says so.
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/failstop.h"
#include "conformance/kernel_log.h"
#include "conformance/needs.h"
#include "conformance/operations.h"

namespace conformance {
namespace {

// Those that are about something in a lower layer.
constexpr const char* kOperations[] = {
    "PreadOfALowerFile",
    "FlistxattrOfALowerFile",
    "FremovexattrOfALowerFile",
    "IoctlThatSetsFlagsOfALowerFile",
    "FchmodOfALowerDirectory",
    "ReadingAMergedDirectory",
    "ReadingALowerDirectory",
    "SeekInALowerDirectory",
    "OpenOfALowerFile",
    "CopyUp",
    "OpenOfADirectory",
    "LookupOfANewName",
    "LookupOfALowerName",
    "LookupOfANameInALowerDirectory",
    "RenameOfALowerFile",
    "UnlinkThatLeavesAWhiteout",
    "RmdirOfADirectoryThatIsNotEmpty",
    "RenameOverADirectoryThatIsNotEmpty",
};

CASE(B2, WhatFailsHasAskedNoLayer, .subjects = kVolatileOnly) {
  const std::string failstop = failstopOption(subject.filesystem());
  const View* below = anotherVolatile(subject);
  if (below == nullptr) return;
  const View* view = mounted(
      subject, subject.beside.mountOverlay(failstop + ",index=off", {.lower = below->root()}));
  if (view == nullptr) return;
  std::vector<Call> calls;
  for (const char* title : kOperations) calls.push_back(operation(title).prepare(*view));
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(view->tryOpen("data", O_RDONLY), EIO);
  KernelLog log;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    EXPECT_ERRNO(calls[i](), EIO) << kOperations[i];
    EXPECT_EQ(timesThatItFailed(log), 0) << "overlays below were asked by " << kOperations[i];
  }
  // It would have said so.
  EXPECT_ERRNO(below->tryOpen("data", O_RDONLY), EIO);
  EXPECT_EQ(timesThatItFailed(log), 1);
}

}  // namespace
}  // namespace conformance
