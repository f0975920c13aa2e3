// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/fd_calls.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "conformance/call_variants.h"
#include "conformance/calls.h"
#include "conformance/cases/steps.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

auto alone(long (*call)(int)) {
  return [=](const File& file, CallMate&) { return Result::ofCall(call(file.descriptor())); };
}

// The fd is what the call reads.
auto from(long (*call)(int, int)) {
  return [=](const File& file, CallMate& mate) {
    return Result::ofCall(call(file.descriptor(), mate.descriptor()));
  };
}

// The fd is what the call writes.
auto into(long (*call)(int, int)) {
  return [=](const File& file, CallMate& mate) {
    return Result::ofCall(call(mate.descriptor(), file.descriptor()));
  };
}

long seekToAHole(int file) {
  return ::lseek(file, 0, SEEK_HOLE);
}

long readAheadOnce(int file) {
  return ::readahead(file, 0, kBytes);
}

FdCall onAcl(const char* title, unsigned more_needs, long (*call)(int), unsigned only_with = 0) {
  return {title, kOpened | more_needs, Mate::none, alone(call), {}, true, only_with};
}

// A new open file description, with the flags of the old one.
long openedAgain(int file) {
  return openedThroughProc(file, ::fcntl(file, F_GETFL) & ~O_TMPFILE);
}

constexpr unsigned kReadable = kOpened | kReading | kRegular;
constexpr unsigned kWritable = kOpened | kWriting | kRegular;
constexpr unsigned kWritableAnywhere = kWritable | kAnyPlace;
constexpr unsigned kList = kOpened | kDirectory | kNotRemoved;

}  // namespace

const std::vector<FdCall>& fdCalls() {
  static const std::vector<FdCall> kCalls = {
      {"Pread", kReadable, Mate::none, alone(preadOnce)},
      {"Pwrite", kWritable, Mate::none, alone(pwriteOnce)},
      {"ReadThroughIoUring", kReadable, Mate::ring,
       [](const File& file, CallMate& mate) {
         std::string bytes(kBytes, '\0');
         return mate.ring().pread(file, bytes, 0);
       }},
      {"WriteThroughIoUring", kWritable, Mate::ring,
       [](const File& file, CallMate& mate) {
         return mate.ring().pwrite(file, sys::freshBytes(kBytes), 0);
       }},
      {"FsyncThroughIoUring", kOpened | kInLayer, Mate::ring,
       [](const File& file, CallMate& mate) { return mate.ring().fsync(file); }},
      {"SpliceFromAFile", kReadable, Mate::empty_pipe, from(spliceFromStart)},
      {"SpliceIntoAFile", kWritableAnywhere, Mate::full_pipe, into(spliceToStart)},
      {"Sendfile", kReadable, Mate::empty_pipe, from(sendOnce)},
      {"SendfileToAnotherOverlay", kReadable, Mate::other_overlay, from(sendOnce)},
      {"SendfileFromAnotherOverlay", kWritableAnywhere, Mate::other_overlay, into(sendOnce)},
      {"CopyFileRange", kReadable, Mate::same_overlay, from(copyRangeOnce)},
      {"CopyFileRangeIntoAFile", kWritableAnywhere, Mate::same_overlay, into(copyRangeOnce)},
      {"CopyFileRangeToAnotherOverlay", kReadable, Mate::other_overlay, from(copyRangeOnce)},
      {"CopyFileRangeFromAnotherOverlay", kWritableAnywhere, Mate::other_overlay,
       into(copyRangeOnce)},
      {"Reflink", kReadable, Mate::same_overlay, from(reflinkOnce)},
      {"ReflinkIntoAFile", kWritableAnywhere, Mate::same_overlay, into(reflinkOnce)},
      {"ReflinkToAnotherOverlay", kReadable | kOneSuperblock, Mate::other_overlay,
       from(reflinkOnce)},
      {"ReflinkFromAnotherOverlay", kWritableAnywhere | kOneSuperblock, Mate::other_overlay,
       into(reflinkOnce)},
      {"Deduplication", kReadable | kSharable, Mate::same_overlay, from(deduplicateOnce)},
      {"DeduplicationIntoAFile", kOpened | kRegular | kSharable, Mate::same_overlay,
       into(deduplicateOnce)},
      {"Fallocate", kWritable, Mate::none, alone(fallocateOnce)},
      {"PunchingAHole", kWritable, Mate::none, alone(punchOnce)},
      {"Ftruncate", kWritable, Mate::none, alone(truncateToAPage)},
      {"Fadvise", kOpened | kRegular, Mate::none, alone(adviseOnce)},
      {"Readahead", kReadable, Mate::none, alone(readAheadOnce)},
      {"SeekToTheStart", kOpened | kDirectory | kSeeks, Mate::none, alone(seekToTheStart)},
      {"SeekToTheEnd", kOpened | kSeeks, Mate::none, alone(seekToTheEnd)},
      {"SeekToAnOffset", kOpened | kSeeks, Mate::none, alone(seekToAnOffset)},
      {"SeekToData", kOpened | kSeeks, Mate::none, alone(seekToData)},
      {"SeekToAHole", kOpened | kSeeks, Mate::none, alone(seekToAHole)},
      {"Mmap", kReadable | kWriting, Mate::none, alone(mapShared)},
      {"MmapForReading", kReadable, Mate::none,
       [](const File& file, CallMate&) { return map(file); }},
      {"PrivateMmap", kReadable, Mate::none, alone(mapPrivate)},
      {"Fiemap", kOpened | kRegular, Mate::none, alone(extentsOnce)},
      {"OpenWithItsFlags", kOpened, Mate::none, alone(openedAgain)},
      {"ReadingADirectory", kList, Mate::none, alone(readDirectoryOnce)},
      {"ReadingTheRestOfADirectory", kList, Mate::none, alone(readEntryOnce),
       [](const File& file) { readEntryOnce(file.descriptor()); }},
      {"Fsync", kOpened | kInLayer, Mate::none, alone([](int f) -> long { return ::fsync(f); })},
      {"Fdatasync", kOpened | kInLayer, Mate::none,
       alone([](int f) -> long { return ::fdatasync(f); })},
      {"Syncfs", kOpened, Mate::none, alone([](int f) -> long { return ::syncfs(f); })},
      {"IoctlThatGetsFlags", kOpened | kInLayer, Mate::none, alone(getFlagsOnce)},
      {"IoctlThatGetsExtendedFlags", kOpened | kInLayer, Mate::none, alone(getExtendedFlagsOnce)},
      {"Fgetxattr", kOpened, Mate::none, alone(getAttributeOnce)},
      {"Flistxattr", kOpened, Mate::none, alone(listAttributesOnce)},
      onAcl("FgetxattrOfAnAcl", 0, getAclOnce),
      onAcl("FgetxattrOfADefaultAcl", 0, getDefaultAclOnce),
      {"Fremovexattr", kOpened, Mate::none, alone(removeAttributeOnce)},
      onAcl("FremovexattrOfAnAcl", 0, removeAclOnce),
      onAcl("FsetxattrOfAnAcl", 0, setAclOnce),
      onAcl("FsetxattrOfADefaultAcl", kDirectory, setDefaultAclOnce),
      {"Fsetxattr", kOpened, Mate::none, alone(setAttributeOnce)},
      {"IoctlThatSetsFlags", kOpened | kInLayer, Mate::none, alone(setFlagsOnce)},
      {"IoctlThatSetsExtendedFlags", kOpened | kInLayer, Mate::none, alone(setExtendedFlagsOnce)},
      {"Fchmod", kOpened, Mate::none, alone(chmodOnce)},
      {"Fchown", kOpened, Mate::none, alone(chownOnce)},
      {"Futimens", kOpened, Mate::none, alone(touchOnce)},
  };
  return kCalls;
}

}  // namespace conformance
