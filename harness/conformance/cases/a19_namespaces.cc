// SPDX-License-Identifier: GPL-2.0-only
// A19: an overlay in a user namespace, and idmapped mounts, behave the same.
#include <optional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/in_user_namespace.h"
#include "conformance/needs.h"
#include "sys/user_namespace.h"

namespace conformance {
namespace {

using sys::File;

// What every overlay must do, on one that was mounted in a special way.
void reportsAsAnyOther(Subject& subject, const View& view, CalledFrom = Line::current()) {
  const File file = view.open("data");
  const File directory = view.open("upper-dir", O_RDONLY | O_DIRECTORY);
  const File lower = view.open("lower-file", O_RDONLY);
  subject.loseWritebackThrough(view);
  for (const File* each : {&file, &directory, &lower}) {
    EXPECT_ERRNO(each->syncfs(), EIO);
    EXPECT_OK(each->syncfs());
  }
  EXPECT_OK(view.open("data").syncfs());
  subject.loseWritebackThrough(view);
  EXPECT_ERRNO(view.open("other").syncfs(), EIO);
  EXPECT_OK(subject.upper().open("data").syncfs());
}

CASE(A19, OverlayInAUserNamespace, .subjects = kOverlayOnly) {
  inUserNamespace(subject, "userxattr",
                  [&](const View& view) { reportsAsAnyOther(subject, view); });
}

CASE(A19, VolatileOverlayInAUserNamespace, .subjects = kVolatileOnly) {
  inUserNamespace(subject, "userxattr,volatile", [&](const View& view) {
    const File file = view.open("data");
    EXPECT_OK(file.syncfs());
    subject.loseWritebackThrough(view);
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_ERRNO(file.syncfs(), EIO);
    if (!refusesNewFds(view, "data")) {
      EXPECT_ERRNO(view.open("data").fsync(), EIO);
    }
  });
}

CASE(A19, OverlayOnAnIdmappedUpper, .subjects = kOverlayOnly) {
  std::optional<sys::UserNamespace> users;
  needUserNamespace(users);
  const View* view = mounted(
      subject,
      subject.beside.mountOverlay("index=off", {.base = subject.beside.idmappedBase(*users)}));
  if (view != nullptr) reportsAsAnyOther(subject, *view);
}

CASE(A19, IdmappedMountOfTheSubject) {
  std::optional<sys::UserNamespace> users;
  needUserNamespace(users);
  const View& idmapped = subject.beside.idmappedMount(*users);
  const File file = idmapped.open("data");
  const File directory = idmapped.open("upper-dir", O_RDONLY | O_DIRECTORY);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_ERRNO(directory.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(idmapped.open("data").syncfs());
}

}  // namespace
}  // namespace conformance
