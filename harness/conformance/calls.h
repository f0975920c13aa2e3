// SPDX-License-Identifier: GPL-2.0-only
// Calls on open files, each as one function that returns -1 and sets errno if it fails. Operations
// (operations.h) and the product of calls, kinds of fd and flags (fd_calls.h) are made of them.
#pragma once

#include <string>

namespace conformance {

// Of the first page, in memory that O_DIRECT accepts.
long preadOnce(int file);
long pwriteOnce(int file);  // what it writes differs from call to call

long fallocateOnce(int file);
long punchOnce(int file);
long truncateToAPage(int file);
long adviseOnce(int file);  // that the first page will be needed
long extentsOnce(int file);
long seekToTheStart(int file);
long seekToTheEnd(int file);
long seekToAnOffset(int file);
long seekToData(int file);

// Maps the first page for loads and stores, and unmaps it.
long mapShared(int file);
long mapPrivate(int file);

// A whole directory of a case, or about one entry of it.
long readDirectoryOnce(int directory);
long readEntryOnce(int directory);

// A page, from the first to the second.
long copyRangeOnce(int from, int into);
long reflinkOnce(int from, int into);  // the whole file
long deduplicateOnce(int from, int into);
long sendOnce(int from, int into);
// One of them is a pipe.
long spliceFromStart(int file, int pipe);
long spliceToStart(int pipe, int file);

// Where open(2) makes another open file of the same file, without walking a path.
std::string pathOfOpenFile(int file);

// Attributes. The extended one is in a namespace for which the VFS checks no permission of the
// file: only the filesystem can fail.
inline constexpr const char* kAttribute = "trusted.attribute";
inline constexpr const char* kAcl = "system.posix_acl_access";
inline constexpr const char* kDefaultAcl = "system.posix_acl_default";  // of a directory
long getFlagsOnce(int file);
long getExtendedFlagsOnce(int file);
long setFlagsOnce(int file);
long setExtendedFlagsOnce(int file);
long chmodOnce(int file);
long chownOnce(int file);
long touchOnce(int file);
long setAttributeOnce(int file);
long getAttributeOnce(int file);
long listAttributesOnce(int file);
long removeAttributeOnce(int file);
long setAclOnce(int file);
long getAclOnce(int file);
long removeAclOnce(int file);
long setDefaultAclOnce(int directory);
long getDefaultAclOnce(int directory);

}  // namespace conformance
