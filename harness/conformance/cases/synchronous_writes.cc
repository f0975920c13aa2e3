// SPDX-License-Identifier: GPL-2.0-only
// A17, V5: writes that are synchronous by a flag of the call, or of the file, whoever makes the
// call: the program, or a worker of io_uring for it.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/needs.h"
#include "sys/child_process.h"
#include "sys/ring.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// Writes these bytes at the start of the file, with flags of pwritev2(2).
using Writing = std::function<Result(const File&, std::string& bytes, int flags)>;

File temporaryFileWith(const std::string& bytes) {
  File file(sys::Descriptor(static_cast<int>(
      sys::require(::memfd_create("spliced", MFD_CLOEXEC), "memfd_create", "spliced"))));
  sys::require(file.pwrite(bytes, 0), "write", "a memfd");
  return file;
}

Result writeByTheCaller(const File& file, std::string& bytes, int flags) {
  return write(file, {bytes.data(), bytes.size()}, flags);
}

Result sendFile(const File& file, std::string& bytes, int /*flags*/) {
  const File from = temporaryFileWith(bytes);
  off_t offset = 0;
  const auto sent =
      Result::ofCall(::sendfile(file.descriptor(), from.descriptor(), &offset, bytes.size()));
  if (sent.ok()) sys::mustBeAll(sent.value(), bytes.size());
  return sent;
}

// The first page of them.
Result spliceAPipe(const File& file, std::string& bytes, int /*flags*/) {
  const sys::Pipe pipe = sys::Pipe::make();
  sys::mustBeAll(::write(pipe.write.get(), bytes.data(), kBytes), kBytes);
  off64_t offset = 0;
  const auto spliced = Result::ofCall(
      ::splice(pipe.read.get(), nullptr, file.descriptor(), &offset, kBytes, SPLICE_F_MOVE));
  if (spliced.ok()) sys::mustBeAll(spliced.value(), kBytes);
  return spliced;
}

struct Way {
  const char* name;
  int of_file, of_call;
};

constexpr Way kByTheFile[] = {{"O_SYNC", O_SYNC, 0}, {"O_DSYNC", O_DSYNC, 0}};
constexpr Way kByTheCall[] = {{"RWF_SYNC", 0, RWF_SYNC}, {"RWF_DSYNC", 0, RWF_DSYNC}};

void reachesTheDisk(Subject& subject, const Way& way, bool expected, const Writing& writing,
                    CalledFrom = Line::current()) {
  const File file = subject.open("data", O_RDWR | way.of_file);
  std::string bytes = sys::freshBytes(kDataBytes);
  settle();
  const auto write = [&] { EXPECT_OK(writing(file, bytes, way.of_call)); };
  EXPECT_EQ(subject.disk.writesDuring(write) != 0, expected) << "with " << way.name;
}

void eachReachesTheDisk(Subject& subject, const Writing& writing, CalledFrom = Line::current()) {
  for (const Way& way : kByTheFile) reachesTheDisk(subject, way, true, writing);
  for (const Way& way : kByTheCall) reachesTheDisk(subject, way, true, writing);
}

// O_SYNC and O_DSYNC are passed on to the upper file, which does sync. Only the flags of a call are
// ignored.
void noFlagOfTheCallCounts(Subject& subject, const Writing& writing, CalledFrom = Line::current()) {
  for (const Way& way : kByTheCall) reachesTheDisk(subject, way, false, writing);
}

CASE(A17, SynchronousWritesReachTheDisk) {
  eachReachesTheDisk(subject, writeByTheCaller);
}

CASE(A17, WhatIsSplicedIntoASynchronousFileReachesTheDisk) {
  for (const Way& way : kByTheFile) {
    reachesTheDisk(subject, way, true, sendFile);
    reachesTheDisk(subject, way, true, spliceAPipe);
  }
}

CASE(V5, SynchronousWritesSyncNothing, .subjects = kVolatileOnly) {
  noFlagOfTheCallCounts(subject, writeByTheCaller);
}

Writing throughIoUring(std::optional<sys::Ring>& ring) {
  needRing(ring);
  return [&ring](const File& file, std::string& bytes, int flags) {
    return ring->pwrite(file, bytes, 0, flags);
  };
}

CASE(A17, SynchronousWritesThroughIoUringReachTheDisk) {
  std::optional<sys::Ring> ring;
  eachReachesTheDisk(subject, throughIoUring(ring));
}

CASE(V5, SynchronousWritesThroughIoUringSyncNothing, .subjects = kVolatileOnly) {
  std::optional<sys::Ring> ring;
  noFlagOfTheCallCounts(subject, throughIoUring(ring));
}

}  // namespace
}  // namespace conformance
