// SPDX-License-Identifier: GPL-2.0-only
// Whether a call syncs the upper filesystem.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <functional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/workspace.h"
#include "sys/setup_error.h"

namespace conformance {

// By a file that was written there beside all overlays: "data" is dirty, and cannot be written
// while the call is made.
inline void syncsTheUpper(Subject& subject, bool expected, const std::function<void()>& call,
                          CalledFrom = Line::current()) {
  const sys::File elsewhere = subject.upper().open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(elsewhere.pwrite(sys::freshBytes(kDataBytes), 0));
  call();
  EXPECT_EQ(fault.failedWrites() != 0, expected) << "whether the upper filesystem was synced";
  EXPECT_ERRNO(elsewhere.fsync(), EIO);  // there was something to sync
  fault.heal();
}

// Copying up that file of a volatile overlay writes nothing: every write would fail. `first` is
// copied up before.
inline void copyUpSyncsNothing(Subject& subject, const View& view, const std::string& name,
                               const std::string& first, CalledFrom = Line::current()) {
  // From then on, all that a copy up reads is cached.
  EXPECT_OK(view.tryOpen(first, O_RDWR));
  EXPECT_OK(lookUp(view, name));
  settle();
  Fault fault = subject.disk.breakAll();
  const sys::Result copied = view.tryOpen(name, O_RDWR);
  EXPECT_OK(copied) << "it was synced";
  EXPECT_EQ(fault.failedWrites(), 0U) << "it was written";
  if (!copied.ok()) return;
  EXPECT_FALSE(sys::File(view.barePath(name)).fsync().ok());  // there was something to sync
  fault.heal();
}

// Whether a metadata-only copy up is synced.
inline void expectMetadataSync(Subject& subject, const std::string& option, bool expected,
                               CalledFrom = Line::current()) {
  const View* view = mounted(subject, subject.beside.mountOverlay("metacopy=on," + option));
  if (view == nullptr) return;
  for (const char* name : {"lower-file", "lower-dir"}) {
    const std::string path = view->path(name);
    settle();
    const auto copyUp = [&] { sys::require(::chmod(path.c_str(), 0740), "chmod", path); };
    EXPECT_EQ(subject.disk.writesDuring(copyUp) != 0, expected) << "of " << name;
  }
}

}  // namespace conformance
