// SPDX-License-Identifier: GPL-2.0-only
// Basic operations on a file or a name, as steps whose result is under test.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <string>

#include "conformance/calls.h"
#include "conformance/view.h"
#include "conformance/workspace.h"
#include "sys/child_process.h"
#include "sys/open_file.h"
#include "sys/result.h"
#include "sys/ring.h"

namespace conformance {

inline constexpr std::size_t kBytes = 4096;  // a page
inline constexpr int kRepeats = 3;           // of a call that must keep failing

// Everything is on the disk, and nobody writes any more: sync(2) wakes the flusher threads, and
// does not wait for what they do beside it.
inline void settle() {
  constexpr useconds_t kFlushers = 1000;
  ::sync();
  ::usleep(kFlushers);
}

// As O_DIRECT asks for it.
struct alignas(kBytes) AlignedPage {
  std::array<char, kBytes> bytes{};
};

// What it holds differs from call to call.
inline AlignedPage freshPage() {
  AlignedPage page;
  page.bytes.fill(sys::freshBytes(1)[0]);
  return page;
}

// Of its first page.
inline sys::Result read(const sys::File& file) {
  AlignedPage page;
  return sys::Result::ofCall(::pread(file.descriptor(), page.bytes.data(), kBytes, 0));
}

inline sys::Result status(const sys::File& file) {
  struct stat status {};
  return sys::Result::ofCall(::fstat(file.descriptor(), &status));
}

// At the start of the file. flags: of pwritev2(2), RWF_SYNC. Throws SetupError when only a part was
// written.
inline sys::Result write(const sys::File& file, const iovec& bytes, int flags) {
  const auto result = sys::Result::ofCall(::pwritev2(file.descriptor(), &bytes, 1, 0, flags));
  if (result.ok()) sys::mustBeAll(result.value(), static_cast<long>(bytes.iov_len));
  return result;
}

// A page.
inline sys::Result write(const sys::File& file, int flags = 0) {
  AlignedPage page = freshPage();
  return write(file, {page.bytes.data(), kBytes}, flags);
}

// All of a file of kDataBytes, which the same call brings to the disk.
inline sys::Result writeAndSyncAll(const sys::File& file) {
  std::string bytes = sys::freshBytes(kDataBytes);
  return write(file, {bytes.data(), bytes.size()}, RWF_SYNC);
}

inline sys::Result readByRing(sys::Ring& ring, const sys::File& file) {
  std::string page(kBytes, 0);
  return ring.pread(file, page, 0);
}

inline sys::Result map(const sys::File& file) {
  void* memory = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, file.descriptor(), 0);
  if (memory == MAP_FAILED) return sys::Result::ofCall(-1);
  return sys::Result::ofCall(::munmap(memory, kBytes));
}

// Stores a page through a mapping, and writes it to the disk with msync(2).
inline sys::Result storeAndSync(const sys::File& file) {
  void* memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor(), 0);
  if (memory == MAP_FAILED) return sys::Result::ofCall(-1);
  // By a system call, which returns EFAULT where a store would be a SIGBUS.
  const sys::Pipe pipe = sys::Pipe::make();
  const std::string bytes = sys::freshBytes(kBytes);
  sys::mustBeAll(::write(pipe.write.get(), bytes.data(), kBytes), kBytes);
  auto result = sys::Result::ofCall(::read(pipe.read.get(), memory, kBytes));
  if (result.ok()) result = sys::Result::ofCall(::msync(memory, kBytes, MS_SYNC));
  ::munmap(memory, kBytes);
  return result;
}

// Its first page, with copy_file_range(2).
inline sys::Result copyPage(const sys::File& from, const sys::File& to) {
  return sys::Result::ofCall(copyRangeOnce(from.descriptor(), to.descriptor()));
}

// The next entry or two of a directory.
inline sys::Result readEntry(const sys::File& directory) {
  return sys::Result::ofCall(readEntryOnce(directory.descriptor()));
}

inline sys::Result lookUp(const View& view, const std::string& name = "data") {
  struct stat status {};
  return sys::Result::ofCall(::stat(view.path(name).c_str(), &status));
}

// The root of a mount, by its name.
inline sys::Result inspect(const View& view) {
  struct stat status {};
  struct statfs filesystem {};
  const char* root = view.root().c_str();
  const bool ok =
      ::stat(root, &status) == 0 && ::access(root, F_OK) == 0 && ::statfs(root, &filesystem) == 0;
  return sys::Result::ofCall(ok ? 0 : -1);
}

inline sys::Result create(const View& view, const std::string& name) {
  return view.tryOpen(name, O_RDWR | O_CREAT);
}

}  // namespace conformance
