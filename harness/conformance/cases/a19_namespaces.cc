// SPDX-License-Identifier: GPL-2.0
// A19: an overlay in a user namespace, and idmapped mounts, behave the same.
#include "conformance/case.h"
#include "conformance/kernel_probe.h"
#include "sys/user_namespace.h"

namespace conformance {
namespace {

using sys::File;

// What every overlay has to do, on one that was mounted in a special way.
void reportsAsAnyOther(Subject& subject, const View& view) {
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
  if (!kernelIsAtLeast(5, 11)) skip("an overlay in a user namespace needs Linux 5.11");
  const Subject::Layers layers = subject.freshLayers({});
  const std::string target = subject.freshFolder();
  sys::UserNamespace users;
  EXPECT_OK(users.mount({"overlay", target, "overlay", layers.options + ",userxattr"}));
  reportsAsAnyOther(subject, View(users.pathOf(target), layers.upper));
}

CASE(A19, VolatileOverlayInAUserNamespace, .subjects = kVolatileOnly) {
  if (!kernelIsAtLeast(5, 11)) skip("an overlay in a user namespace needs Linux 5.11");
  const Subject::Layers layers = subject.freshLayers({});
  const std::string target = subject.freshFolder();
  sys::UserNamespace users;
  EXPECT_OK(users.mount({"overlay", target, "overlay", layers.options + ",userxattr,volatile"}));
  const View view(users.pathOf(target), layers.upper);
  const File file = view.open("data");
  EXPECT_OK(file.syncfs());
  subject.loseWritebackThrough(view);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_ERRNO(view.open("data").fsync(), EIO);
}

CASE(A19, OverlayOnAnIdmappedUpper, .subjects = kOverlayOnly) {
  if (!kernelIsAtLeast(5, 19)) skip("an overlay takes idmapped layers since Linux 5.19");
  const sys::UserNamespace users;
  const sys::Result mounted =
      subject.mountOverlay("index=off", {.base = subject.idmappedBase(users)});
  EXPECT_OK(mounted);
  if (!mounted.ok()) return;
  reportsAsAnyOther(subject, subject.latestMount());
}

CASE(A19, IdmappedMountOfTheSubject) {
  const sys::UserNamespace users;
  const View& idmapped = subject.idmappedMount(users);
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
