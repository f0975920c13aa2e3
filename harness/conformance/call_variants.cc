// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/call_variants.h"

#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "conformance/calls.h"
#include "conformance/cases/steps.h"
#include "sys/descriptor.h"
#include "sys/open_file.h"

namespace conformance {
namespace {

std::array<iovec, 2> halves(AlignedPage& page) {
  constexpr std::size_t kHalf = kBytes / 2;
  return {{{page.bytes.data(), kHalf}, {page.bytes.data() + kHalf, kHalf}}};
}

// struct space_resv of <linux/falloc.h>, which is not exported.
struct SpaceRange {
  std::int16_t type = 0, whence = SEEK_SET;
  std::int64_t start = 0, length = kBytes;
  std::int32_t system_id = 0;
  std::uint32_t process_id = 0;
  std::array<std::int32_t, 4> reserved{};
};

long changeSpace(int file, unsigned long request) {
  SpaceRange range;
  return ::ioctl(file, request, &range);
}

// The same numbers on every architecture.
enum : long {
  kSetxattrat = 463,
  kGetxattrat = 464,
  kListxattrat = 465,
  kRemovexattrat = 466,
  kFileGetattr = 468,
  kFileSetattr = 469,
};

// struct xattr_args of <linux/xattr.h>.
struct alignas(8) AttributeValue {
  std::uint64_t value;
  std::uint32_t size, flags;
};

// struct file_attr of <linux/fs.h>.
struct FileAttributes {
  std::uint64_t flags = 0;
  std::uint32_t extent_size = 0, extents = 0, project = 0, copy_on_write_extent_size = 0;
};

}  // namespace

long readTwoSegments(int file, int flags) {
  AlignedPage page;
  const auto segments = halves(page);
  return ::preadv2(file, segments.data(), segments.size(), 0, flags);
}

long writeTwoSegments(int file, int flags) {
  AlignedPage page = freshPage();
  const auto segments = halves(page);
  return ::pwritev2(file, segments.data(), segments.size(), 0, flags);
}

long readAtThePosition(int file) {
  AlignedPage page;
  return ::read(file, page.bytes.data(), page.bytes.size());
}

long writeAtThePosition(int file) {
  const AlignedPage page = freshPage();
  return ::write(file, page.bytes.data(), page.bytes.size());
}

long seekFrom(int file, long offset, int whence) {
  return ::lseek(file, offset, whence);
}

long allocate(int file, int mode) {
  return ::fallocate(file, mode, 0, kBytes);
}

long advise(int file, int advice) {
  errno = ::posix_fadvise(file, 0, kBytes, advice);
  return errno == 0 ? 0 : -1;
}

long mapWith(int file, int protection, int flags) {
  void* memory = ::mmap(nullptr, kBytes, protection, flags, file, 0);
  if (memory == MAP_FAILED) return -1;
  return ::munmap(memory, kBytes);
}

long extentsWith(int file, unsigned flags) {
  fiemap request{};
  request.fm_length = FIEMAP_MAX_OFFSET;
  request.fm_flags = flags;
  return ::ioctl(file, FS_IOC_FIEMAP, &request);
}

long truncateTo(int file, long bytes) {
  return ::ftruncate(file, bytes);
}

long openedThroughProc(int file, int flags) {
  const sys::Descriptor opened(
      ::open(pathOfOpenFile(file).c_str(), flags | O_NONBLOCK | O_CLOEXEC));
  return opened ? 0 : -1;
}

long reserveSpace(int file) {
  return changeSpace(file, _IOW('X', 40, SpaceRange));
}

long unreserveSpace(int file) {
  return changeSpace(file, _IOW('X', 41, SpaceRange));
}

long zeroSpace(int file) {
  return changeSpace(file, _IOW('X', 57, SpaceRange));
}

long reflinkOfARange(int from, int into) {
  file_clone_range range{};
  range.src_fd = from;
  range.src_length = kBytes;
  return ::ioctl(into, FICLONERANGE, &range);
}

long getAttribute(int file, const char* name) {
  char byte = 0;
  return ::fgetxattr(file, name, &byte, 1);
}

long setAttribute(int file, const char* name, int flags) {
  return ::fsetxattr(file, name, "x", 1, flags);
}

long removeAttribute(int file, const char* name) {
  return ::fremovexattr(file, name);
}

long listAttributesInto(int file, std::size_t bytes) {
  std::array<char, kBytes> names{};
  return ::flistxattr(file, names.data(), bytes);
}

long getAttributeAt(int file) {
  char byte = 0;
  AttributeValue value{reinterpret_cast<std::uintptr_t>(&byte), 1, 0};
  return ::syscall(kGetxattrat, file, "", AT_EMPTY_PATH, kAttribute, &value, sizeof value);
}

long setAttributeAt(int file) {
  char byte = 'x';
  AttributeValue value{reinterpret_cast<std::uintptr_t>(&byte), 1, 0};
  return ::syscall(kSetxattrat, file, "", AT_EMPTY_PATH, kAttribute, &value, sizeof value);
}

long listAttributesAt(int file) {
  return ::syscall(kListxattrat, file, "", AT_EMPTY_PATH, nullptr, 0);
}

long removeAttributeAt(int file) {
  return ::syscall(kRemovexattrat, file, "", AT_EMPTY_PATH, kAttribute);
}

long getFileAttributes(int file) {
  FileAttributes attributes;
  return ::syscall(kFileGetattr, file, "", &attributes, sizeof attributes, AT_EMPTY_PATH);
}

long setFileAttributes(int file) {
  FileAttributes attributes{.flags = FS_XFLAG_NODUMP};
  return ::syscall(kFileSetattr, file, "", &attributes, sizeof attributes, AT_EMPTY_PATH);
}

}  // namespace conformance
