// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/fd_call_variants.h"

#include <fcntl.h>
#include <linux/fiemap.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <utility>

#include "conformance/call_variants.h"
#include "conformance/cases/steps.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

constexpr unsigned kToRead = kOpened | kReading | kRegular;
constexpr unsigned kToWrite = kOpened | kWriting | kRegular;
constexpr unsigned kFileOrDirectory = kOpened | kInLayer;

// The call on the descriptor, with these arguments.
template <typename Call, typename... Arguments>
FdCall variant(const char* title, unsigned needs, Call call, Arguments... arguments) {
  return {title, needs, Mate::none, [=](const File& file, CallMate&) {
            return Result::ofCall(call(file.descriptor(), arguments...));
          }};
}

// On regular files only: on others it depends on what they are, or on what was read and written
// before.
FdCall onlyOnFiles(FdCall call) {
  call.only_with = kOpened | kRegular;
  return call;
}

FdCall throughAio(const char* title, unsigned needs, Result (*call)(sys::Aio&, const File&)) {
  return {title, needs, Mate::aio,
          [=](const File& file, CallMate& mate) { return call(mate.aio(), file); }};
}

Result readThroughAio(sys::Aio& aio, const File& file) {
  AlignedPage page;
  return aio.pread(file, page.bytes.data(), page.bytes.size());
}

Result writeThroughAio(sys::Aio& aio, const File& file) {
  const AlignedPage page = freshPage();
  return aio.pwrite(file, page.bytes.data(), page.bytes.size());
}

void add(std::vector<FdCall>& calls, std::vector<FdCall> more) {
  for (FdCall& each : more) calls.push_back(std::move(each));
}

void addReadsAndWrites(std::vector<FdCall>& calls) {
  add(calls, {
                 variant("ReadOfTwoSegments", kToRead, readTwoSegments, 0),
                 variant("ReadWithRwfHipri", kToRead, readTwoSegments, RWF_HIPRI),
                 onlyOnFiles(variant("ReadAtThePosition", kToRead, readAtThePosition)),
                 onlyOnFiles(throughAio("ReadThroughAio", kToRead, readThroughAio)),
                 variant("WriteOfTwoSegments", kToWrite, writeTwoSegments, 0),
                 variant("WriteWithRwfSync", kToWrite, writeTwoSegments, RWF_SYNC),
                 variant("WriteWithRwfDsync", kToWrite, writeTwoSegments, RWF_DSYNC),
                 variant("WriteWithRwfAppend", kToWrite, writeTwoSegments, RWF_APPEND),
                 onlyOnFiles(variant("WriteAtThePosition", kToWrite, writeAtThePosition)),
                 onlyOnFiles(throughAio("WriteThroughAio", kToWrite, writeThroughAio)),
                 throughAio("FsyncThroughAio", kFileOrDirectory,
                            [](sys::Aio& aio, const File& file) { return aio.fsync(file); }),
             });
}

void addSpace(std::vector<FdCall>& calls) {
  const std::pair<const char*, int> modes[] = {
      {"FallocateThatKeepsTheSize", FALLOC_FL_KEEP_SIZE},
      {"FallocateOfZeroes", FALLOC_FL_ZERO_RANGE},
      {"FallocateOfZeroesThatKeepsTheSize", FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE},
      {"FallocateThatUnshares", FALLOC_FL_UNSHARE_RANGE},
      {"FallocateThatCollapses", FALLOC_FL_COLLAPSE_RANGE},
      {"FallocateThatInserts", FALLOC_FL_INSERT_RANGE},
  };
  for (const auto& [title, mode] : modes) calls.push_back(variant(title, kToWrite, allocate, mode));
  add(calls, {
                 variant("IoctlThatReservesSpace", kToWrite, reserveSpace),
                 variant("IoctlThatUnreservesSpace", kToWrite, unreserveSpace),
                 variant("IoctlThatZeroesSpace", kToWrite, zeroSpace),
                 variant("FtruncateToNothing", kToWrite, truncateTo, 0L),
                 variant("FtruncateThatExtends", kToWrite, truncateTo, 1L << 20),
                 variant("FiemapThatSyncs", kOpened | kRegular, extentsWith, FIEMAP_FLAG_SYNC),
                 variant("FiemapOfAttributes", kOpened | kRegular, extentsWith, FIEMAP_FLAG_XATTR),
                 {"ReflinkOfARange", kToRead, Mate::same_overlay,
                  [](const File& file, CallMate& mate) {
                    return Result::ofCall(reflinkOfARange(file.descriptor(), mate.descriptor()));
                  }},
                 {"ReflinkOfARangeIntoAFile", kToWrite | kAnyPlace, Mate::same_overlay,
                  [](const File& file, CallMate& mate) {
                    return Result::ofCall(reflinkOfARange(mate.descriptor(), file.descriptor()));
                  }},
             });
}

void addPlaces(std::vector<FdCall>& calls) {
  const std::pair<const char*, int> advices[] = {
      {"FadviseNormal", POSIX_FADV_NORMAL},         {"FadviseRandom", POSIX_FADV_RANDOM},
      {"FadviseSequential", POSIX_FADV_SEQUENTIAL}, {"FadviseDontneed", POSIX_FADV_DONTNEED},
      {"FadviseNoreuse", POSIX_FADV_NOREUSE},
  };
  for (const auto& [title, advice] : advices)
    calls.push_back(variant(title, kOpened | kRegular, advise, advice));
  add(calls,
      {
          variant("RelativeSeek", kOpened | kSeeks, seekFrom, 1L, SEEK_CUR),
          onlyOnFiles(variant("SeekBeforeTheEnd", 0, seekFrom, -1L, SEEK_END)),
          variant("SeekToDataAfterTheStart", kOpened | kSeeks, seekFrom, 1L, SEEK_DATA),
          variant("ExecutableMmap", kToRead, mapWith, PROT_READ | PROT_EXEC, MAP_PRIVATE),
          variant("SharedExecutableMmap", kToRead, mapWith, PROT_READ | PROT_EXEC, MAP_SHARED),
          variant("MmapWithoutAccess", kToRead, mapWith, PROT_NONE, MAP_SHARED),
          variant("PopulatedMmap", kToRead, mapWith, PROT_READ, MAP_SHARED | MAP_POPULATE),
          variant("ValidatedMmap", kToRead, mapWith, PROT_READ, MAP_SHARED_VALIDATE),
          onlyOnFiles(variant("OpenForReading", 0, openedThroughProc, O_RDONLY)),
          onlyOnFiles(variant("OpenForAppending", 0, openedThroughProc, O_WRONLY | O_APPEND)),
          onlyOnFiles(variant("OpenToTruncate", 0, openedThroughProc, O_WRONLY | O_TRUNC)),
          onlyOnFiles(variant("OpenWithoutAccessTime", 0, openedThroughProc, O_NOATIME)),
      });
}

// trusted. is in fd_calls.cc. Whether special files may have a user. attribute is asked before
// overlayfs is.
void addAttributes(std::vector<FdCall>& calls) {
  struct Names {
    std::string title;
    const char* name;
    unsigned needs;
  };
  const Names kinds[] = {{"AUserAttribute", "user.attribute", kFileOrDirectory},
                         {"ASecurityAttribute", "security.attribute", kOpened},
                         {"ATrustedAttribute", "trusted.other", kOpened}};
  calls.push_back(variant("FlistxattrIntoMemory", kOpened, listAttributesInto, kBytes));
  calls.push_back(variant("FgetxattrOfCapabilities", kOpened, getAttribute, "security.capability"));
  for (const auto& [title, name, needs] : kinds) {
    add(calls, {
                   variant(("FgetxattrOf" + title).c_str(), needs, getAttribute, name),
                   variant(("FremovexattrOf" + title).c_str(), needs, removeAttribute, name),
                   variant(("FsetxattrOf" + title).c_str(), needs, setAttribute, name, 0),
                   variant(("FsetxattrThatCreates" + title).c_str(), needs, setAttribute, name,
                           XATTR_CREATE),
                   variant(("FsetxattrThatReplaces" + title).c_str(), needs, setAttribute, name,
                           XATTR_REPLACE),
               });
  }
  add(calls,
      {
          variant("FchownOfNobody", kOpened, [](int f) -> long { return ::fchown(f, -1, -1); }),
          variant("FchownOfTheGroup", kOpened, [](int f) -> long { return ::fchown(f, -1, 2); }),
          variant("FutimensToATime", kOpened,
                  [](int f) -> long {
                    const timespec times[] = {{1, 0}, {0, UTIME_OMIT}};
                    return ::futimens(f, times);
                  }),
      });
}

// System calls of newer kernels. They take an O_PATH descriptor too.
void addNewCalls(std::vector<FdCall>& calls) {
  const struct {
    const char* title;
    unsigned needs;
    long (*call)(int);
  } kNew[] = {
      {"Getxattrat", kOpened, getAttributeAt},
      {"Listxattrat", kOpened, listAttributesAt},
      {"Removexattrat", kOpened, removeAttributeAt},
      {"Setxattrat", kOpened, setAttributeAt},
      {"FileGetattr", kFileOrDirectory, getFileAttributes},
      {"FileSetattr", kFileOrDirectory, setFileAttributes},
  };
  for (const auto& [title, needs, call] : kNew) {
    if (call(-1) == -1 && errno == ENOSYS) continue;
    FdCall made = variant(title, needs, call);
    made.only_with = kOpened;
    calls.push_back(std::move(made));
  }
}

}  // namespace

const std::vector<FdCall>& fdCallVariants() {
  static const std::vector<FdCall> kVariants = [] {
    std::vector<FdCall> calls;
    addReadsAndWrites(calls);
    addSpace(calls);
    addPlaces(calls);
    addAttributes(calls);
    addNewCalls(calls);
    return calls;
  }();
  return kVariants;
}

}  // namespace conformance
