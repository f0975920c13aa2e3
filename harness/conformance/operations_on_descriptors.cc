// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "conformance/calls.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"
#include "conformance/needs.h"
#include "conformance/operations.h"
#include "conformance/prepared_calls.h"
#include "sys/open_file.h"
#include "sys/ring.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// A call with the file "data" as source and "other" as target.
Preparation onTwo(long (*call)(int, int)) {
  return [=](const View& view) -> Call {
    const auto from = std::make_shared<File>(view.open("data"));
    const auto into = std::make_shared<File>(view.open("other"));
    return [=] { return Result::ofCall(call(from->descriptor(), into->descriptor())); };
  };
}

// On a file whose only name is removed, after a page was written.
Preparation onNameless(long (*call)(int)) {
  return [=](const View& view) {
    File file = view.open("nameless", O_RDWR | O_CREAT);
    sys::require(pwriteOnce(file.descriptor()), "write", view.path("nameless"));
    sys::require(::unlink(view.path("nameless").c_str()), "unlink", view.path("nameless"));
    return callOn(std::move(file), call);
  };
}

// On a file that never had a name, after a page was written.
Preparation onTemporary(long (*call)(int)) {
  return [=](const View& view) {
    File file = openTemporary(view);
    sys::require(pwriteOnce(file.descriptor()), "write", "a temporary file");
    return callOn(std::move(file), call);
  };
}

Preparation readDirectory(const std::string& name) {
  return onDirectory(name, readDirectoryOnce);
}

// A pipe that owns both its ends.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    sys::require(::pipe2(ends.data(), O_CLOEXEC), "pipe2", "for a splice");
    out = sys::Descriptor(ends[0]);
    in = sys::Descriptor(ends[1]);
  }
  sys::Descriptor out, in;
};

// From the file "data" into a pipe.
Preparation intoPipe(long (*call)(int, int)) {
  return [=](const View& view) -> Call {
    const auto file = std::make_shared<File>(view.open("data"));
    const auto pipe = std::make_shared<Pipe>();
    return [=] { return Result::ofCall(call(file->descriptor(), pipe->in.get())); };
  };
}

Call spliceIntoFile(const View& view) {
  const auto file = std::make_shared<File>(view.open("data"));
  const auto pipe = std::make_shared<Pipe>();
  const std::string bytes = sys::freshBytes(kBytes);
  sys::require(::write(pipe->in.get(), bytes.data(), bytes.size()), "write", "a pipe");
  return [=] { return Result::ofCall(spliceToStart(pipe->out.get(), file->descriptor())); };
}

// The file is not a program, so the call always returns.
Call executeOpenFile(const View& view) {
  const std::string path = view.path("data");
  sys::require(::chmod(path.c_str(), 0700), "chmod", path);
  return callOn(view.open("data", O_RDONLY), [](int file) -> long {
    std::array<char*, 1> nothing{};
    return ::syscall(SYS_execveat, file, "", nothing.data(), nothing.data(), AT_EMPTY_PATH);
  });
}

// Through a ring that is set up beforehand.
Preparation throughRing(Result (*call)(sys::Ring&, const File&)) {
  return [=](const View& view) -> Call {
    const auto ring = std::make_shared<std::optional<sys::Ring>>();
    needRing(*ring);
    const auto file = std::make_shared<File>(view.open("data"));
    return [=] { return call(**ring, *file); };
  };
}

}  // namespace

const std::vector<Operation>& operationsOnDescriptors() {
  static const std::vector<Operation> kOperations = {
      {"Pread", onData(preadOnce)},
      {"PreadOfALowerFile", onFile("lower-file", O_RDONLY, preadOnce)},
      {"Pwrite", onData(pwriteOnce)},
      {"SynchronousWrite", onFile("data", O_RDWR | O_SYNC, pwriteOnce)},
      {"DirectRead", onFile("data", O_RDWR | O_DIRECT, preadOnce)},
      {"DirectWrite", onFile("data", O_RDWR | O_DIRECT, pwriteOnce)},
      {"AppendingWrite", onFile("data", O_WRONLY | O_APPEND, pwriteOnce)},
      {"PreadOfANamelessFile", onNameless(preadOnce)},
      {"PwriteOfANamelessFile", onNameless(pwriteOnce)},
      {"FtruncateOfANamelessFile", onNameless([](int f) -> long { return ::ftruncate(f, 0); })},
      {"PreadOfATemporaryFile", onTemporary(preadOnce)},
      {"PwriteOfATemporaryFile", onTemporary(pwriteOnce)},
      {"ReadThroughIoUring", throughRing([](sys::Ring& ring, const File& file) {
         std::string bytes(kBytes, '\0');
         return ring.pread(file, bytes, 0);
       })},
      {"WriteThroughIoUring", throughRing([](sys::Ring& ring, const File& file) {
         return ring.pwrite(file, sys::freshBytes(kBytes), 0);
       })},
      {"SpliceFromAFile", intoPipe(spliceFromStart)},
      {"SpliceIntoAFile", spliceIntoFile},
      {"Sendfile", intoPipe(sendOnce)},
      {"CopyFileRange", onTwo(copyRangeOnce)},
      {"Reflink", onTwo(reflinkOnce)},
      {"Deduplication", onTwo(deduplicateOnce)},
      {"Fallocate", onData(fallocateOnce)},
      {"PunchingAHole", onData(punchOnce)},
      {"Ftruncate", onData(truncateToAPage)},
      {"Fadvise", onData(adviseOnce)},
      {"SeekToTheEnd", onData(seekToTheEnd)},
      {"SeekToAnOffset", onData(seekToAnOffset)},
      {"SeekToData", onData(seekToData)},
      {"Mmap", onData(mapShared)},
      {"PrivateMmap", onData(mapPrivate)},
      {"Fiemap", onData(extentsOnce)},
      {"ExecutionOfAnOpenFile", executeOpenFile},
      {"ReadingAnUpperDirectory", readDirectory("upper-dir")},
      {"ReadingAMergedDirectory", readDirectory("merged-dir")},
      {"ReadingALowerDirectory", readDirectory("lower-dir")},
      {"SeekInAnUpperDirectory", onDirectory("upper-dir", seekToTheStart)},
      {"SeekInALowerDirectory", onDirectory("lower-dir", seekToTheStart)},
      {"Fsync", onData([](int f) -> long { return ::fsync(f); })},
      {"Fdatasync", onData([](int f) -> long { return ::fdatasync(f); })},
      {"FsyncOfADirectory",
       onFile("upper-dir", O_RDONLY | O_DIRECTORY, [](int f) -> long { return ::fsync(f); })},
      {"Syncfs", onData([](int f) -> long { return ::syncfs(f); })},
  };
  return kOperations;
}

}  // namespace conformance
