// SPDX-License-Identifier: GPL-2.0-only
// B4: every kind of file on a volatile overlay that has failed can still be looked at, by
// everybody.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "conformance/callers.h"
#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/needs.h"
#include "conformance/workspace.h"
#include "sys/mounting.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

struct StatKind {
  const char* name;
  mode_t type;
};

constexpr StatKind kStatKinds[] = {{"a-fifo", S_IFIFO},   {"a-socket", S_IFSOCK},
                                   {"a-device", S_IFCHR}, {"a-link", S_IFLNK},
                                   {"data", S_IFREG},     {"upper-dir", S_IFDIR}};

// Those that the overlay does not have yet.
void makeStatKinds(const View& view) {
  for (const StatKind& each : kStatKinds) {
    const std::string path = view.path(each.name);
    if (each.type == S_IFLNK) sys::require(::symlink("data", path.c_str()), "symlink", path);
    if (each.type == S_IFREG || each.type == S_IFDIR || each.type == S_IFLNK) continue;
    makeNode(path, each.type, makedev(1, 3));
  }
}

CASE(B4, EveryKindOfFileCanBeLookedAt, .subjects = kVolatileOnly) {
  makeStatKinds(subject);
  std::vector<File> opened;
  for (const StatKind& each : kStatKinds)
    opened.push_back(subject.open(each.name, O_PATH | O_NOFOLLOW));
  subject.loseWriteback();
  EXPECT_ERRNO(subject.tryOpen("data", O_RDONLY), EIO);
  for (std::size_t i = 0; const StatKind& each : kStatKinds) {
    SCOPED_TRACE(each.name);
    const std::string path = subject.path(each.name);
    struct stat status {};
    struct statx more {};
    EXPECT_OK(Result::ofCall(::lstat(path.c_str(), &status)));
    EXPECT_EQ(status.st_mode & S_IFMT, each.type);
    EXPECT_OK(Result::ofCall(::fstat(opened[i++].descriptor(), &status)));
    EXPECT_OK(Result::ofCall(::stat(path.c_str(), &status)));
    EXPECT_OK(Result::ofCall(::statx(AT_FDCWD, path.c_str(),
                                     AT_SYMLINK_NOFOLLOW | AT_STATX_FORCE_SYNC, STATX_ALL, &more)));
    for (const int access : {F_OK, R_OK, W_OK}) {
      EXPECT_OK(Result::ofCall(::access(path.c_str(), access))) << access;
    }
    EXPECT_OK(Result::ofCall(::faccessat(AT_FDCWD, path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW)));
    std::array<char, kBytes> target{};
    if (each.type == S_IFLNK) {
      EXPECT_OK(Result::ofCall(::readlink(path.c_str(), target.data(), target.size())));
    }
  }
}

CASE(B4, ASocketCanBeConnectedTo, .subjects = kVolatileOnly) {
  const auto makeSocket = [] {
    return sys::Descriptor(static_cast<int>(
        sys::require(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket", "AF_UNIX")));
  };
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = ""};
  const std::string path = subject.path("a-socket");
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto* const name = reinterpret_cast<const sockaddr*>(&address);
  const sys::Descriptor server = makeSocket(), client = makeSocket();
  sys::require(::bind(server.get(), name, sizeof(address)), "bind", path);
  sys::require(::listen(server.get(), 1), "listen", path);
  subject.loseWriteback();
  EXPECT_ERRNO(subject.tryOpen("data", O_RDONLY), EIO);
  EXPECT_OK(Result::ofCall(::connect(client.get(), name, sizeof(address))));
}

// Names in sysfs are revalidated at each walk (kernfs_dop_revalidate()), as on a network
// filesystem.
CASE(B4, WhatALayerRevalidatesCanBeWalkedThrough, .subjects = kVolatileOnly) {
  const std::string options = failstopOption(subject.filesystem()) + ",index=off";
  const View* view =
      mounted(subject, subject.beside.mountOverlay(options, {.lower = "/sys/kernel"}));
  if (view == nullptr) return;
  const std::string below = view->path("mm");
  const auto walks = [&] {
    struct stat status {};
    return Result::ofCall(::stat((below + "/file").c_str(), &status));
  };
  sys::Mount tmpfs({"tmpfs", below, "tmpfs", ""});
  (void)File(below + "/file", O_RDWR | O_CREAT);
  EXPECT_OK(walks());
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(view->tryOpen("data", O_RDONLY), EIO);
  EXPECT_OK(walks());
  const Result unmounted = tmpfs.tryUnmount();
  EXPECT_OK(unmounted);
  if (!unmounted.ok()) subject.beside.detach(*view);
}

// The VFS asks for the ACLs of a directory that belongs to another user.
CASE(B4, AUserWalksThroughIt, .subjects = kVolatileOnly) {
  const std::string directory = subject.path("for-users"), below = directory + "/mounted";
  for (const std::string& each : {directory, below}) {
    sys::require(::mkdir(each.c_str(), 0755), "mkdir", each);
  }
  sys::require(::chmod(subject.root().c_str(), 0755), "chmod", subject.root());
  const sys::Mount tmpfs({"tmpfs", below, "tmpfs", "mode=755"});
  for (const std::string& each : {directory + "/file", below + "/file"}) {
    const File file(each, O_RDWR | O_CREAT, 0644);
  }
  const File root = subject.open(".", O_PATH | O_DIRECTORY);
  const auto walks = [&] {
    struct stat status {};
    return Result::ofCall(::fstatat(root.descriptor(), "for-users/file", &status, 0));
  };
  const auto usesWhatIsMounted = [&] {
    const sys::Descriptor file(
        ::openat(root.descriptor(), "for-users/mounted/file", O_RDONLY | O_CLOEXEC));
    return Result::ofCall(file ? 0 : -1);
  };
  EXPECT_OK(asNobody(walks));
  EXPECT_OK(asNobody(usesWhatIsMounted));
  subject.loseWriteback();
  EXPECT_ERRNO(subject.tryOpen("data", O_RDONLY), EIO);
  EXPECT_OK(asNobody(walks));
  EXPECT_OK(asNobody(usesWhatIsMounted));
}

}  // namespace
}  // namespace conformance
