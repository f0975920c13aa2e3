// SPDX-License-Identifier: GPL-2.0-only
// A1, B2, B5: it does not matter who calls: root, a user without privileges or a kernel thread.
#include <fcntl.h>

#include <cerrno>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "conformance/callers.h"
#include "conformance/cases/failstop.h"
#include "conformance/fd_calls.h"
#include "conformance/kernel_log.h"
#include "conformance/needs.h"
#include "conformance/open_fds.h"
#include "sys/listener.h"
#include "sys/loop_device.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

CASE(A1, ACallerWithoutPrivilegesGetsItOnce) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(asNobody([&] { return file.syncfs(); }), EIO);
  EXPECT_OK(asNobody([&] { return file.syncfs(); }));
  EXPECT_OK(file.syncfs());
}

// The new lines of the kernel log that say that this overlay has failed, as errors.
long timesThatItFailed(KernelLog& log, const std::string& upper, CalledFrom = Line::current()) {
  long times = 0;
  for (const LogRecord& record : log.newRecords()) {
    if (record.text.find("volatile mount failed") == std::string::npos) continue;
    if (record.text.find('(' + upper + ')') == std::string::npos) continue;
    EXPECT_EQ(record.level, kLevelOfAnError) << record.text;
    ++times;
  }
  return times;
}

CASE(B5, TheLineNamesTheOverlayWhoeverFindsTheFailure, .subjects = kVolatileOnly) {
  const Layers layers = subject.layers.fresh();
  const View* second = mounted(
      subject,
      subject.beside.mountLayers(layers.options + ',' + failstopOption(subject.filesystem())));
  if (second == nullptr) return;
  const File first_file = subject.open("data");
  const File second_file = second->open("data");
  subject.loseWritebackElsewhere();
  KernelLog log;
  EXPECT_ERRNO(read(first_file), EIO);
  EXPECT_EQ(timesThatItFailed(log, subject.upper().root()), 1) << "lines when root finds it";
  EXPECT_ERRNO(asNobody([&] { return read(second_file); }), EIO);
  EXPECT_EQ(timesThatItFailed(log, layers.upper), 1) << "lines when a user finds it";
}

CASE(B2, AKernelThreadFindsTheError, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  std::optional<sys::LoopDevice> device;
  needLoopDevice(device, file);
  subject.loseWritebackElsewhere();
  KernelLog log;
  EXPECT_ERRNO(device->read(), EIO);
  EXPECT_EQ(timesThatItFailed(log), 1) << "lines of the kernel log say that it failed";
  staysFailed(subject, file, log);
}

CASE(B2, AnOpenForAListenerFindsTheError, .subjects = kVolatileOnly) {
  struct Listened {
    std::optional<File> file;  // outlives the mark, or closing it would queue an event
    std::optional<sys::OpenedWhenClosed> listener;
  };
  std::list<Listened> all;
  for (const char* name : {"data", "lower-file", "upper-dir"}) {
    Listened& each = all.emplace_back();
    needListener(each.listener, subject.path(name));
    each.file = subject.open(name, O_RDONLY);
  }
  subject.loseWritebackElsewhere();
  KernelLog log;
  for (Listened& each : all) {
    each.file.reset();
    EXPECT_ERRNO(each.listener->opened(), EIO);
  }
  EXPECT_EQ(timesThatItFailed(log), 1) << "lines of the kernel log say that it failed";
}

// A call that reaches a layer through this fd without any privilege.
struct CallOfAUser {
  const FdCall* call;
  const FdUnderTest* fd;
  CallMate* mate;

  Result ask() const {
    return asNobody([&] { return call->call(fd->file, *mate); });
  }
};

// The VFS shows a user no attribute in trusted.
bool needsAPrivilege(const Result& answer) {
  return answer.error() == EPERM || answer.error() == EACCES || answer.error() == ENODATA;
}

// Open files of root, which it passes on. Through io_uring and to ACLs, these are the same checks.
CASE(B2, EveryCallOfACallerWithoutPrivileges, .subjects = kVolatileOnly) {
  const std::vector<FdUnderTest> fds = openFds(subject, plainFdPlans());
  const View& other = subject.beside.another();
  std::list<CallMate> mates;
  std::vector<CallOfAUser> calls;
  for (const FdCall& call : fdCalls()) {
    if (call.mate == Mate::ring || call.is_on_acls) continue;
    CallMate& mate = mates.emplace_back(call.mate, subject, other);
    for (const FdUnderTest& fd : fds) {
      const CallOfAUser asked{&call, &fd, &mate};
      if (!call.reachesALayer(fd.offers) || needsAPrivilege(asked.ask())) continue;
      mate.reset();
      calls.push_back(asked);
    }
  }
  subject.loseWritebackElsewhere();
  for (const CallOfAUser& asked : calls) {
    EXPECT_ERRNO(asked.ask(), EIO) << asked.call->title << " on " << asked.fd->name;
  }
}

}  // namespace
}  // namespace conformance
