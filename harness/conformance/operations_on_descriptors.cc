// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

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

long preadOnce(int file) {
  std::array<char, kBytes> bytes{};
  return ::pread(file, bytes.data(), bytes.size(), 0);
}

long pwriteOnce(int file) {
  const std::string bytes = sys::freshBytes(kBytes);
  return ::pwrite(file, bytes.data(), bytes.size(), 0);
}

long readDirectlyOnce(int file) {
  AlignedPage page;
  return ::pread(file, page.bytes.data(), page.bytes.size(), 0);
}

long writeDirectlyOnce(int file) {
  const AlignedPage page;
  return ::pwrite(file, page.bytes.data(), page.bytes.size(), 0);
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

long readDirectoryOnce(int directory) {
  std::array<char, kBytes> entries{};
  return ::syscall(SYS_getdents64, directory, entries.data(), entries.size());
}

Preparation readDirectory(const std::string& name) {
  return onDirectory(name, readDirectoryOnce);
}

long seekToTheStartOnce(int file) {
  return ::lseek(file, 0, SEEK_SET);
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

Call spliceFromFile(const View& view) {
  const auto file = std::make_shared<File>(view.open("data"));
  const auto pipe = std::make_shared<Pipe>();
  return [file, pipe] {
    return Result::ofCall(
        ::splice(file->descriptor(), nullptr, pipe->in.get(), nullptr, kBytes, 0));
  };
}

Call spliceIntoFile(const View& view) {
  const auto file = std::make_shared<File>(view.open("data"));
  const auto pipe = std::make_shared<Pipe>();
  const std::string bytes = sys::freshBytes(kBytes);
  sys::require(::write(pipe->in.get(), bytes.data(), bytes.size()), "write", "a pipe");
  return [file, pipe] {
    return Result::ofCall(
        ::splice(pipe->out.get(), nullptr, file->descriptor(), nullptr, kBytes, 0));
  };
}

Call sendFile(const View& view) {
  const auto file = std::make_shared<File>(view.open("data"));
  const auto pipe = std::make_shared<Pipe>();
  return [file, pipe] {
    off_t offset = 0;
    return Result::ofCall(::sendfile(pipe->in.get(), file->descriptor(), &offset, kBytes));
  };
}

// The result for the range is in the request; the return value only says that the request was read.
long deduplicateOnce(int from, int into) {
  alignas(file_dedupe_range)
      std::array<char, sizeof(file_dedupe_range) + sizeof(file_dedupe_range_info)>
          memory{};
  auto* request = reinterpret_cast<file_dedupe_range*>(memory.data());
  request->src_length = kBytes;
  request->dest_count = 1;
  request->info[0].dest_fd = into;
  if (::ioctl(from, FIDEDUPERANGE, request) != 0) return -1;
  if (request->info[0].status >= 0) return request->info[0].status;
  errno = -request->info[0].status;
  return -1;
}

template <int kFlags>
long mapOnce(int file) {
  void* memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, kFlags, file, 0);
  if (memory == MAP_FAILED) return -1;
  return ::munmap(memory, kBytes);
}

long extentsOnce(int file) {
  fiemap request{};
  request.fm_length = FIEMAP_MAX_OFFSET;
  return ::ioctl(file, FS_IOC_FIEMAP, &request);
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
      {"DirectRead", onFile("data", O_RDWR | O_DIRECT, readDirectlyOnce)},
      {"DirectWrite", onFile("data", O_RDWR | O_DIRECT, writeDirectlyOnce)},
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
      {"SpliceFromAFile", spliceFromFile},
      {"SpliceIntoAFile", spliceIntoFile},
      {"Sendfile", sendFile},
      {"CopyFileRange", onTwo([](int from, int into) -> long {
         return ::copy_file_range(from, nullptr, into, nullptr, kBytes, 0);
       })},
      {"Reflink", onTwo([](int from, int into) -> long { return ::ioctl(into, FICLONE, from); })},
      {"Deduplication", onTwo(deduplicateOnce)},
      {"Fallocate", onData([](int f) -> long { return ::fallocate(f, 0, 0, kBytes); })},
      {"PunchingAHole", onData([](int f) -> long {
         return ::fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kBytes);
       })},
      {"Ftruncate", onData([](int f) -> long { return ::ftruncate(f, kBytes); })},
      {"Fadvise", onData([](int f) -> long {
         errno = ::posix_fadvise(f, 0, kBytes, POSIX_FADV_WILLNEED);
         return errno == 0 ? 0 : -1;
       })},
      {"SeekToTheEnd", onData([](int f) -> long { return ::lseek(f, 0, SEEK_END); })},
      {"SeekToAnOffset", onData([](int f) -> long { return ::lseek(f, 1, SEEK_SET); })},
      {"SeekToData", onData([](int f) -> long { return ::lseek(f, 0, SEEK_DATA); })},
      {"Mmap", onData(mapOnce<MAP_SHARED>)},
      {"PrivateMmap", onData(mapOnce<MAP_PRIVATE>)},
      {"Fiemap", onData(extentsOnce)},
      {"ExecutionOfAnOpenFile", executeOpenFile},
      {"ReadingAnUpperDirectory", readDirectory("upper-dir")},
      {"ReadingAMergedDirectory", readDirectory("merged-dir")},
      {"ReadingALowerDirectory", readDirectory("lower-dir")},
      {"SeekInAnUpperDirectory", onDirectory("upper-dir", seekToTheStartOnce)},
      {"SeekInALowerDirectory", onDirectory("lower-dir", seekToTheStartOnce)},
      {"Fsync", onData([](int f) -> long { return ::fsync(f); })},
      {"Fdatasync", onData([](int f) -> long { return ::fdatasync(f); })},
      {"FsyncOfADirectory",
       onFile("upper-dir", O_RDONLY | O_DIRECTORY, [](int f) -> long { return ::fsync(f); })},
      {"Syncfs", onData([](int f) -> long { return ::syncfs(f); })},
  };
  return kOperations;
}

}  // namespace conformance
