// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "conformance/calls.h"
#include "conformance/fd_kinds.h"
#include "conformance/operations.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// A call on a name that was looked up before, so that the next walk finds it in the dcache and
// stays in RCU mode as long as nothing is wrong.
Preparation onName(const std::string& name, long (*call)(const char*)) {
  return [=](const View& view) -> Call {
    const std::string path = view.path(name);
    struct stat status {};
    sys::require(::lstat(path.c_str(), &status), "lstat", path);
    return [=] { return Result::ofCall(call(path.c_str())); };
  };
}

// A call on a name that exists and was never looked up, so that a layer must be asked.
Preparation onUnknownName(const std::string& name, long (*call)(const char*)) {
  return [=](const View& view) -> Call {
    return [call, path = view.path(name)] { return Result::ofCall(call(path.c_str())); };
  };
}

// A call on a name that does not exist and was never looked up.
Preparation onNewName(long (*call)(const char*)) {
  return onUnknownName("new-name", call);
}

Preparation onTwoNames(long (*call)(const char*, const char*)) {
  return [=](const View& view) -> Call {
    return [call, from = view.path("data"), into = view.path("new-name")] {
      return Result::ofCall(call(from.c_str(), into.c_str()));
    };
  };
}

// open(2), and close(2) of the result.
template <int kFlags>
long opened(const char* path) {
  const sys::Descriptor file(::open(path, kFlags | O_CLOEXEC, 0600));
  return file ? 0 : -1;
}

// After a magic link, a walk is in ref mode.
Call statInRefWalk(const View& view) {
  const auto root = std::make_shared<File>(view.open(".", O_PATH | O_DIRECTORY));
  struct stat status {};
  sys::require(::stat(view.path("data").c_str(), &status), "stat", view.path("data"));
  return [root] {
    struct stat again {};
    return Result::ofCall(::stat((pathOfOpenFile(root->descriptor()) + "/data").c_str(), &again));
  };
}

// No path is walked: only the file itself is opened.
Call reopen(const View& view) {
  const auto file = std::make_shared<File>(view.open("data"));
  return [file] {
    return Result::ofCall(opened<O_RDONLY>(pathOfOpenFile(file->descriptor()).c_str()));
  };
}

std::string makeFifo(const View& view) {
  std::string path = view.path("fifo");
  sys::require(::mkfifo(path.c_str(), 0600), "mkfifo", path);
  return path;
}

Call openFifo(const View& view) {
  const std::string path = makeFifo(view);
  return [path] { return Result::ofCall(opened<O_RDWR | O_NONBLOCK>(path.c_str())); };
}

Call reopenFifo(const View& view) {
  const auto fifo = std::make_shared<File>(makeFifo(view), O_PATH);
  return [fifo] {
    return Result::ofCall(opened<O_RDWR | O_NONBLOCK>(pathOfOpenFile(fifo->descriptor()).c_str()));
  };
}

Call openDevice(const View& view) {
  const std::string path = view.path("null");
  sys::require(::mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 3)), "mknod", path);
  return [path] { return Result::ofCall(opened<O_RDWR>(path.c_str())); };
}

Call openAtDirectory(const View& view) {
  const auto directory = std::make_shared<File>(view.open("upper-dir", O_PATH | O_DIRECTORY));
  return [directory] {
    const sys::Descriptor file(
        ::openat(directory->descriptor(), "new-name", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    return Result::ofCall(file ? 0 : -1);
  };
}

// The file is not a program, so execve(2) always returns.
Call execute(const View& view) {
  const std::string path = view.path("data");
  sys::require(::chmod(path.c_str(), 0700), "chmod", path);
  return [path] {
    std::array<char*, 1> nothing{};
    return Result::ofCall(::execve(path.c_str(), nothing.data(), nothing.data()));
  };
}

// Changes back if it succeeds.
long changedInto(const char* path) {
  const sys::Descriptor before(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (::chdir(path) != 0) return -1;
  return ::fchdir(before.get());
}

std::string makeSymbolicLink(const View& view) {
  std::string path = view.path("symbolic-link");
  sys::require(::symlink("data", path.c_str()), "symlink", path);
  return path;
}

Preparation onSymbolicLink(long (*call)(const char*)) {
  return [=](const View& view) -> Call {
    return [call, path = makeSymbolicLink(view)] { return Result::ofCall(call(path.c_str())); };
  };
}

long readLinkOnce(const char* path) {
  std::array<char, 16> target{};
  return ::readlink(path, target.data(), target.size());
}

Call readOpenLink(const View& view) {
  const auto link = std::make_shared<File>(makeSymbolicLink(view), O_PATH | O_NOFOLLOW);
  return [link] {
    std::array<char, 16> target{};
    return Result::ofCall(::readlinkat(link->descriptor(), "", target.data(), target.size()));
  };
}

// The dcache has the directory, and no layer but a lower one does.
Call lookUpInLowerDirectory(const View& view) {
  const auto directory = std::make_shared<File>(view.open("lower-dir", O_PATH | O_DIRECTORY));
  return [directory] {
    return Result::ofCall(::faccessat(directory->descriptor(), "new-name", F_OK, 0));
  };
}

Call followSymbolicLink(const View& view) {
  const std::string path = makeSymbolicLink(view);
  struct stat status {};
  sys::require(::stat(path.c_str(), &status), "stat", path);
  return [path] {
    struct stat again {};
    return Result::ofCall(::stat(path.c_str(), &again));
  };
}

Call makeTemporaryFile(const View& view) {
  (void)openTemporary(view);
  return [root = view.root()] { return Result::ofCall(opened<O_TMPFILE | O_RDWR>(root.c_str())); };
}

Call linkTemporaryFile(const View& view) {
  const auto file = std::make_shared<File>(openTemporary(view));
  const std::string name = view.path("new-name");
  return [file, name] {
    return Result::ofCall(::linkat(file->descriptor(), "", AT_FDCWD, name.c_str(), AT_EMPTY_PATH));
  };
}

Call removeDirectory(const View& view) {
  const std::string path = view.path("directory");
  sys::require(::mkdir(path.c_str(), 0700), "mkdir", path);
  return [path] { return Result::ofCall(::rmdir(path.c_str())); };
}

// A layer is read before anything is changed.
Call removeFullDirectory(const View& view) {
  const std::string inner = view.path("merged-dir/inner");
  sys::require(::mkdir(inner.c_str(), 0700), "mkdir", inner);
  return [path = view.path("merged-dir")] { return Result::ofCall(::rmdir(path.c_str())); };
}

long statOnce(const char* path) {
  struct stat status {};
  return ::stat(path, &status);
}

long setAttributeOnce(const char* path) {
  return ::setxattr(path, "user.attribute", "x", 1, 0);
}

}  // namespace

const std::vector<Operation>& operationsOnNames() {
  static const std::vector<Operation> kOperations = {
      {"Open", onName("data", opened<O_RDONLY>)},
      {"OpenForWriting", onName("data", opened<O_RDWR>)},
      {"OpenOfALowerFile", onName("lower-file", opened<O_RDONLY>)},
      {"CopyUp", onName("lower-file", opened<O_RDWR>)},
      {"OpenThatTruncates", onName("data", opened<O_RDWR | O_TRUNC>)},
      {"OpenOfADirectory", onName("merged-dir", opened<O_RDONLY | O_DIRECTORY>)},
      {"OpenOfTheRoot", onName(".", opened<O_RDONLY | O_DIRECTORY>)},
      {"OpenOfAFifo", openFifo},
      {"OpenOfAFifoThroughProc", reopenFifo},
      {"OpenOfADevice", openDevice},
      {"OpenForDirectIo", onName("data", opened<O_RDWR | O_DIRECT>)},
      {"OpenOfANameNotSeenBefore", onUnknownName("other-lower-file", opened<O_RDONLY>)},
      {"OpenThroughProc", reopen},
      {"OpenatADirectory", openAtDirectory},
      {"OpenOfATemporaryFile", makeTemporaryFile},
      {"Execve", execute},
      {"LookupOfANewName", onNewName(statOnce)},
      {"LookupOfAnUpperName", onUnknownName("upper-dir", statOnce)},
      {"LookupOfALowerName", onUnknownName("other-lower-file", statOnce)},
      {"LookupOfANameInALowerDirectory", lookUpInLowerDirectory},
      {"Truncate", onName("data", [](const char* p) -> long { return ::truncate(p, 1); })},
      {"Chmod", onName("data", [](const char* p) -> long { return ::chmod(p, 0640); })},
      {"Chown", onName("data", [](const char* p) -> long { return ::lchown(p, 1, 1); })},
      {"Utimensat",
       onName("data", [](const char* p) -> long { return ::utimensat(AT_FDCWD, p, nullptr, 0); })},
      {"Getxattr", onName("data",
                          [](const char* p) -> long {
                            return ::getxattr(p, "trusted.attribute", nullptr, 0);
                          })},
      {"Listxattr",
       onName("data", [](const char* p) -> long { return ::listxattr(p, nullptr, 0); })},
      {"GetxattrOfASymbolicLink", onSymbolicLink([](const char* p) -> long {
         return ::lgetxattr(p, "trusted.attribute", nullptr, 0);
       })},
      {"ListxattrOfASymbolicLink",
       onSymbolicLink([](const char* p) -> long { return ::llistxattr(p, nullptr, 0); })},
      {"Removexattr",
       onName("data", [](const char* p) -> long { return ::removexattr(p, "user.attribute"); })},
      {"Setxattr", onName("data", setAttributeOnce)},
      {"Create", onNewName(opened<O_RDWR | O_CREAT>)},
      {"Mkdir", onNewName([](const char* p) -> long { return ::mkdir(p, 0700); })},
      {"Mknod", onNewName([](const char* p) -> long { return ::mknod(p, S_IFIFO | 0600, 0); })},
      {"Symlink", onNewName([](const char* p) -> long { return ::symlink("data", p); })},
      {"Link", onTwoNames([](const char* a, const char* b) -> long { return ::link(a, b); })},
      {"LinkOfATemporaryFile", linkTemporaryFile},
      {"Rename", onTwoNames([](const char* a, const char* b) -> long { return ::rename(a, b); })},
      {"RenameOfALowerFile", onName("lower-file",
                                    [](const char* p) -> long {
                                      return ::rename(p, (std::string(p) + "-renamed").c_str());
                                    })},
      {"ExchangeOfTwoNames",
       onName("data",
              [](const char* p) -> long {
                const std::string other = std::filesystem::path(p).replace_filename("other");
                return ::renameat2(AT_FDCWD, p, AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
              })},
      {"Unlink", onName("data", [](const char* p) -> long { return ::unlink(p); })},
      {"UnlinkThatLeavesAWhiteout",
       onName("lower-file", [](const char* p) -> long { return ::unlink(p); })},
      {"Rmdir", removeDirectory},
      {"RmdirOfADirectoryThatIsNotEmpty", removeFullDirectory},
  };
  return kOperations;
}

const std::vector<Operation>& operationsThatGoOn() {
  static const std::vector<Operation> kOperations = {
      {"Stat", onName("data", statOnce)},
      {"StatInRefWalk", statInRefWalk},
      {"StatOfALowerFile", onName("lower-file", statOnce)},
      {"StatThroughASymbolicLink", followSymbolicLink},
      {"Access", onName("data", [](const char* p) -> long { return ::access(p, R_OK); })},
      {"Chdir", onName("upper-dir", changedInto)},
      {"OpenOfAPath", onName("data", opened<O_PATH>)},
      {"Readlink", onSymbolicLink(readLinkOnce)},
      {"ReadlinkOfAnOpenLink", readOpenLink},
  };
  return kOperations;
}

}  // namespace conformance
