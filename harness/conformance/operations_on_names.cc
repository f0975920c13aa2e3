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
#include "conformance/names_to_call.h"
#include "conformance/operations.h"
#include "conformance/workspace.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

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

// No path is walked: only the file itself is opened.
Call reopen(const View& view) {
  const auto file = std::make_shared<File>(view.open("data"));
  return [file] {
    return Result::ofCall(opened<O_RDONLY>(pathOfOpenFile(file->descriptor()).c_str()));
  };
}

std::string makeFifo(const View& view) {
  std::string path = view.path("fifo");
  makeNode(path, S_IFIFO);
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
  makeNode(path, S_IFCHR, makedev(1, 3));
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

// The dcache has the directory but not the name, so its layers must be asked.
Preparation lookUpIn(const std::string& name) {
  return [=](const View& view) -> Call {
    const auto directory = std::make_shared<File>(view.open(name, O_PATH | O_DIRECTORY));
    return [directory] {
      return Result::ofCall(::faccessat(directory->descriptor(), "new-name", F_OK, 0));
    };
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
template <typename Change>
Preparation onFullDirectory(Change change) {
  return [=](const View& view) -> Call {
    makeDirectory(view.path("directory"));
    makeDirectory(view.path("merged-dir/inner"));
    return [=, empty = view.path("directory"), full = view.path("merged-dir")] {
      return Result::ofCall(change(empty.c_str(), full.c_str()));
    };
  };
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
      {"OpenOfALowerFifo", onName("lower-fifo", opened<O_RDWR>)},
      {"OpenOfALowerDevice", onName("lower-device", opened<O_RDWR>)},
      {"OpenOfALowerFileWithTwoNames", onName("linked-file", opened<O_RDONLY>)},
      {"CopyUpOfALowerFileWithTwoNames", onName("linked-file", opened<O_RDWR>)},
      {"OpenForDirectIo", onName("data", opened<O_RDWR | O_DIRECT>)},
      {"OpenOfANameNotSeenBefore", onUnknownName("other-lower-file", opened<O_RDONLY>)},
      {"OpenThroughProc", reopen},
      {"OpenatADirectory", openAtDirectory},
      {"OpenOfATemporaryFile", makeTemporaryFile},
      {"Execve", execute},
      {"LookupOfANewName", onNewName(statOnce)},
      {"LookupOfAnUpperName", onUnknownName("upper-dir", statOnce)},
      {"LookupOfALowerName", onUnknownName("other-lower-file", statOnce)},
      {"LookupOfANameInALowerDirectory", lookUpIn("lower-dir")},
      {"LookupOfANameInAnUpperDirectory", lookUpIn("upper-dir")},
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
      {"RmdirOfADirectoryThatIsNotEmpty",
       onFullDirectory([](const char*, const char* full) { return ::rmdir(full); })},
      {"RenameOverADirectoryThatIsNotEmpty", onFullDirectory(::rename)},
  };
  return kOperations;
}

}  // namespace conformance
