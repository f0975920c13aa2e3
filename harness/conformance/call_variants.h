// SPDX-License-Identifier: GPL-2.0-only
// Calls on open files with a mode, a flag or a name, as those of calls.h: -1 and errno if it fails.
#pragma once

#include <cstddef>

namespace conformance {

// Of two halves of a page; RWF_...
long readTwoSegments(int file, int flags);
long writeTwoSegments(int file, int flags);
// At the position of the open file.
long readAtThePosition(int file);
long writeAtThePosition(int file);

long seekFrom(int file, long offset, int whence);
long allocate(int file, int mode);                  // fallocate(2), of the first page
long advise(int file, int advice);                  // posix_fadvise(2)
long mapWith(int file, int protection, int flags);  // and unmaps it
long extentsWith(int file, unsigned flags);
long truncateTo(int file, long bytes);
long openedThroughProc(int file, int flags);

// The ioctls of xfs that every filesystem has, as fallocate(2).
long reserveSpace(int file);
long unreserveSpace(int file);
long zeroSpace(int file);

long reflinkOfARange(int from, int into);

long getAttribute(int file, const char* name);
long setAttribute(int file, const char* name, int flags);
long removeAttribute(int file, const char* name);
long listAttributesInto(int file, std::size_t bytes);

// System calls that the C library does not have. ENOSYS before 6.13 and 6.17.
long getAttributeAt(int file);
long setAttributeAt(int file);
long listAttributesAt(int file);
long removeAttributeAt(int file);
long getFileAttributes(int file);
long setFileAttributes(int file);

}  // namespace conformance
