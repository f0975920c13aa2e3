// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/fd_needs.h"

namespace conformance {
namespace {

struct NeedReason {
  Need need;
  const char* reason;
};

constexpr NeedReason kReasons[] = {
    {kOpened, "with O_PATH nothing is open"},
    {kReading, "it needs FMODE_READ"},
    {kWriting, "it needs FMODE_WRITE"},
    {kAnyPlace, "O_APPEND forbids it"},
    {kRegular, "it needs a regular file"},
    {kDirectory, "it needs a directory"},
    {kInLayer, "overlayfs is not asked about the content of a special file"},
    {kSharable, "overlayfs deduplicates no file of a lower layer"},
    {kNotRemoved, "the VFS reads no directory that was removed"},
    {kSeeks, "its position is only a number in memory"},
    {kInUpper, "it needs a file of the upper layer"},
    {kOneSuperblock, "FICLONE needs two files of one superblock"},
};

}  // namespace

const char* whyNotReached(unsigned needs, unsigned offers) {
  for (const NeedReason& each : kReasons) {
    if ((needs & each.need) != 0 && (offers & each.need) == 0) return each.reason;
  }
  return nullptr;
}

}  // namespace conformance
