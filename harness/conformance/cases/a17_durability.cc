// SPDX-License-Identifier: GPL-2.0-only
// A17: what a sync call on an overlay has returned 0 for survives a power cut, whatever file it
// was.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"
#include "conformance/power_cuts.h"
#include "conformance/silent_loss.h"
#include "sys/mapping.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// Two descriptors of one file: one to write to, one for the sync call.
struct Opened {
  const char* kind;
  const char* name;
  File writing, syncing;
};

std::vector<Opened> openEachKind(const View& view) {
  std::vector<Opened> opened;
  const auto add = [&](const char* kind, const char* name, File syncing) {
    opened.push_back({kind, name, view.open(name, O_RDWR), std::move(syncing)});
  };
  add("a file of the upper", "data", view.open("data"));
  add("a new file", "new", view.open("new", O_RDWR | O_CREAT));
  add("a file that was copied up", "lower-file", view.open("lower-file"));
  add("a file opened before it was copied up", "other-lower-file",
      view.open("other-lower-file", O_RDONLY));
  add("a file with two names, opened before it was copied up", "linked-file",
      view.open("linked-file", O_RDONLY));
  return opened;
}

struct SyncCall {
  const char* name;
  bool keeps_attributes;
  Result (*call)(const Opened&);
};

Result throughMapping(const Opened& opened) {
  const sys::Mapping mapping(opened.writing, kBytes);
  mapping.write(sys::freshBytes(kBytes));
  return mapping.sync();
}

constexpr SyncCall kCalls[] = {
    {"fsync", true, [](const Opened& opened) { return opened.syncing.fsync(); }},
    {"fdatasync", false, [](const Opened& opened) { return opened.syncing.fdatasync(); }},
    {"syncfs", true, [](const Opened& opened) { return opened.syncing.syncfs(); }},
    {"a write with RWF_SYNC", true,
     [](const Opened& opened) { return write(opened.writing, RWF_SYNC); }},
    {"a write with RWF_DSYNC", false,
     [](const Opened& opened) { return write(opened.writing, RWF_DSYNC); }},
    {"msync", false, throughMapping},
};

// What a file is when the call has returned.
struct Answered {
  std::string what;
  std::string path;  // on the bare filesystem
  std::string page;
  mode_t mode;  // 0: it may be another
};

CASE(A17, WhatItAnswersForSurvivesAPowerCut, .subjects = kOverlayOnly, .limit_seconds = 120) {
  PowerCuts& cuts = subject.powerCuts();
  const Layers layers = subject.layers.own();
  std::vector<Answered> answered;
  cuts.logWritesOf([&] {
    EXPECT_OK(subject.beside.mountLayers(layers.options));
    {
      const std::vector<Opened> files = openEachKind(subject.beside.latest());
      ::sync();  // the names
      for (const Opened& file : files) {
        for (const SyncCall& call : kCalls) {
          const mode_t mode = 0600 + answered.size();
          EXPECT_OK(write(file.writing));
          EXPECT_OK(Result::ofCall(::fchmod(file.writing.descriptor(), mode)));
          EXPECT_OK(call.call(file));
          const std::string path = layers.upper + '/' + file.name;
          answered.push_back({std::string(call.name) + " of " + file.kind, path, pageOf(path, 0),
                              call.keeps_attributes ? mode : 0});
          cuts.mark(std::to_string(answered.size()));
        }
      }
    }
    subject.beside.unmountLatest();
  });
  for (std::size_t i = 0; i < answered.size(); ++i) {
    const Answered& each = answered[i];
    SCOPED_TRACE(each.what);
    cuts.cutAfter(cuts.writesBefore(std::to_string(i + 1)));
    struct stat status {};
    EXPECT_OK(Result::ofCall(::stat(each.path.c_str(), &status)));
    EXPECT_TRUE(each.mode == 0 || (status.st_mode & 0777) == each.mode) << "its mode is another";
    EXPECT_TRUE(pageOf(each.path, 0) == each.page) << "its page is another";
  }
}

// It cannot be found after a power cut.
void isWritten(Subject& subject, const File& nameless, CalledFrom = Line::current()) {
  for (const bool with_attributes : {true, false}) {
    EXPECT_OK(write(nameless));
    const auto sync = [&] { EXPECT_OK(with_attributes ? nameless.fsync() : nameless.fdatasync()); };
    EXPECT_NE(subject.disk.writesDuring(sync), 0U);
  }
}

CASE(A17, AFileThatWasRemovedIsWritten) {
  const File file = subject.open("nameless", O_RDWR | O_CREAT);
  sys::require(::unlink(subject.path("nameless").c_str()), "unlink", "a file");
  isWritten(subject, file);
}

CASE(A17, ATemporaryFileIsWritten) {
  isWritten(subject, openTemporary(subject));
}

}  // namespace
}  // namespace conformance
