// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/calls.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "conformance/call_variants.h"
#include "conformance/cases/steps.h"
#include "sys/open_file.h"

namespace conformance {
namespace {

long readEntries(int directory, std::size_t bytes) {
  std::array<char, kBytes> entries{};
  return ::syscall(SYS_getdents64, directory, entries.data(), bytes);
}

long setAcl(int file, const char* name) {
  struct Entry {
    std::uint16_t tag, permissions;
    std::uint32_t id;
  };
  // As in <linux/posix_acl_xattr.h>: the owner, who may go on executing the file, user 1, the
  // group, the mask, all others.
  struct {
    std::uint32_t version = 2;
    std::array<Entry, 5> entries = {
        {{0x01, 7, ~0u}, {0x02, 4, 1}, {0x04, 4, ~0u}, {0x10, 4, ~0u}, {0x20, 0, ~0u}}};
  } acl;
  return ::fsetxattr(file, name, &acl, sizeof acl, 0);
}

}  // namespace

long preadOnce(int file) {
  AlignedPage page;
  return ::pread(file, page.bytes.data(), page.bytes.size(), 0);
}

long pwriteOnce(int file) {
  const AlignedPage page = freshPage();
  return ::pwrite(file, page.bytes.data(), page.bytes.size(), 0);
}

long fallocateOnce(int file) {
  return allocate(file, 0);
}

long punchOnce(int file) {
  return allocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE);
}

long truncateToAPage(int file) {
  return truncateTo(file, kBytes);
}

long adviseOnce(int file) {
  return advise(file, POSIX_FADV_WILLNEED);
}

long extentsOnce(int file) {
  return extentsWith(file, 0);
}

long seekToTheStart(int file) {
  return seekFrom(file, 0, SEEK_SET);
}

long seekToTheEnd(int file) {
  return seekFrom(file, 0, SEEK_END);
}

long seekToAnOffset(int file) {
  return seekFrom(file, 1, SEEK_SET);
}

long seekToData(int file) {
  return seekFrom(file, 0, SEEK_DATA);
}

long mapShared(int file) {
  return mapWith(file, PROT_READ | PROT_WRITE, MAP_SHARED);
}

long mapPrivate(int file) {
  return mapWith(file, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

long readDirectoryOnce(int directory) {
  return readEntries(directory, kBytes);
}

long readEntryOnce(int directory) {
  constexpr std::size_t kOneOrTwo = 64;
  return readEntries(directory, kOneOrTwo);
}

long copyRangeOnce(int from, int into) {
  off_t read_at = 0, written_at = 0;
  return ::copy_file_range(from, &read_at, into, &written_at, kBytes, 0);
}

long reflinkOnce(int from, int into) {
  return ::ioctl(into, FICLONE, from);
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

long sendOnce(int from, int into) {
  off_t offset = 0;
  return ::sendfile(into, from, &offset, kBytes);
}

long spliceFromStart(int file, int pipe) {
  off_t offset = 0;
  return ::splice(file, &offset, pipe, nullptr, kBytes, 0);
}

long spliceToStart(int pipe, int file) {
  off_t offset = 0;
  return ::splice(pipe, nullptr, file, &offset, kBytes, 0);
}

std::string pathOfOpenFile(int file) {
  return "/proc/self/fd/" + std::to_string(file);
}

long getFlagsOnce(int file) {
  int flags = 0;
  return ::ioctl(file, FS_IOC_GETFLAGS, &flags);
}

long getExtendedFlagsOnce(int file) {
  fsxattr attributes{};
  return ::ioctl(file, FS_IOC_FSGETXATTR, &attributes);
}

long setFlagsOnce(int file) {
  const int flags = FS_NODUMP_FL;
  return ::ioctl(file, FS_IOC_SETFLAGS, &flags);
}

long setExtendedFlagsOnce(int file) {
  fsxattr attributes{};
  attributes.fsx_xflags = FS_XFLAG_NODUMP;
  return ::ioctl(file, FS_IOC_FSSETXATTR, &attributes);
}

// Nobody loses a permission that the other calls need.
long chmodOnce(int file) {
  return ::fchmod(file, 0750);
}

long chownOnce(int file) {
  return ::fchown(file, 1, 1);
}

long touchOnce(int file) {
  return ::futimens(file, nullptr);
}

long setAttributeOnce(int file) {
  return setAttribute(file, kAttribute, 0);
}

long getAttributeOnce(int file) {
  return getAttribute(file, kAttribute);
}

long listAttributesOnce(int file) {
  return ::flistxattr(file, nullptr, 0);
}

long removeAttributeOnce(int file) {
  return removeAttribute(file, kAttribute);
}

long setAclOnce(int file) {
  return setAcl(file, kAcl);
}

long getAclOnce(int file) {
  return ::fgetxattr(file, kAcl, nullptr, 0);
}

long removeAclOnce(int file) {
  return removeAttribute(file, kAcl);
}

long setDefaultAclOnce(int directory) {
  return setAcl(directory, kDefaultAcl);
}

long getDefaultAclOnce(int directory) {
  return ::fgetxattr(directory, kDefaultAcl, nullptr, 0);
}

}  // namespace conformance
