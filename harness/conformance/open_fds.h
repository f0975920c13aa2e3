// SPDX-License-Identifier: GPL-2.0-only
// The fds that the calls of B2 are made on: each kind of file, opened with all flags that it
// allows.
#pragma once

#include <string>
#include <vector>

#include "conformance/fd_needs.h"
#include "conformance/view.h"
#include "sys/open_file.h"

namespace conformance {

struct OpenFlags {
  const char* name;  // "O_RDWR | O_DIRECT"
  int flags;
  unsigned offers;  // of fd_needs.h
};

struct OpenKind {
  const char* name;             // "a lower-only file"
  const char* overlay_options;  // of fd_kinds.h, that the kind needs
  unsigned offers;
  // Why it is not opened with these flags of open(2), or null if it is.
  const char* (*why_not)(int flags);
  sys::File (*open)(const View& view, int flags);  // throws SetupError
  // Once before the first open, and once after the last.
  void (*prepare)(const View& view) = [](const View&) {};
  void (*finish)(const View& view) = [](const View&) {};
};

struct FdUnderTest {
  std::string name;  // "a lower-only file, O_RDONLY"
  unsigned offers;
  sys::File file;
};

// A kind and flags that go together.
struct FdPlan {
  const OpenKind* kind;
  const OpenFlags* flags;
  std::string name() const { return std::string(kind->name) + ", " + flags->name; }
  unsigned offers() const { return kind->offers | flags->offers; }
};

// All that exist on an overlay that is mounted with these options.
std::vector<FdPlan> fdPlans(const std::string& overlay_options);
// Those of them that are opened with O_RDONLY or O_RDWR and no other flag: where the flags do not
// matter, and there is much to ask.
std::vector<FdPlan> plainFdPlans();
// Opens them, in that order. Leaves out what the kernel cannot open: O_TMPFILE before 6.10, and
// O_DIRECT on a tmpfs before 6.6. Throws SetupError.
std::vector<FdUnderTest> openFds(const View& view, const std::vector<FdPlan>& plans);

}  // namespace conformance
