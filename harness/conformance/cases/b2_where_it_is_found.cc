// SPDX-License-Identifier: GPL-2.0-only
// B2: a volatile overlay fails in whatever state it, its directories or its upper filesystem are.
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "conformance/calls.h"
#include "conformance/cases/failstop.h"
#include "conformance/cases/in_user_namespace.h"
#include "conformance/needs.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

Result readDirectory(const File& directory) {
  return Result::ofCall(readDirectoryOnce(directory.descriptor()));
}

CASE(B2, ARemountReadOnlyDoesNotHideIt, .subjects = kVolatileOnly) {
  const File file = subject.open("data", O_RDONLY);
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  EXPECT_OK(subject.mount.remountReadOnly());
  subject.loseWritebackThrough(subject.upper());
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_ERRNO(readDirectory(directory), EIO);
  EXPECT_ERRNO(subject.tryOpen("other", O_RDONLY), EIO);
  EXPECT_ERRNO(file.fsync(), EIO);
}

// What was looked up while it was read-only is no exception.
CASE(B2, MountedReadOnlyAndMadeWritableItFails, .subjects = kVolatileOnly) {
  const std::string options =
      subject.layers.fresh().options + ',' + failstopOption(subject.filesystem());
  EXPECT_OK(subject.beside.mountLayers(options, MS_RDONLY));
  const View& view = subject.beside.latest();
  const File before = view.open("data", O_RDONLY);
  const File directory = view.open("upper-dir", O_RDONLY | O_DIRECTORY);
  EXPECT_OK(subject.beside.remountWritable(view));
  const File file = view.open("data");
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(read(before), EIO);
  EXPECT_ERRNO(readDirectory(directory), EIO);
  everythingFails(view, file);
}

CASE(B2, AReadOnlyUpperDoesNotHideIt, .subjects = kVolatileOnly) {
  const File file = subject.open("data", O_RDONLY);
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(subject.mount.whileUpperIsReadOnly([&] { return read(file); }), EIO);
  EXPECT_ERRNO(read(file), EIO);
}

CASE(B2, AnOverlayInAUserNamespaceFails, .subjects = kVolatileOnly) {
  inUserNamespace(subject, "userxattr," + failstopOption(subject.filesystem()),
                  [&](const View& view) {
                    const File file = view.open("data");
                    const File directory = view.open("upper-dir", O_RDONLY | O_DIRECTORY);
                    subject.loseWritebackElsewhere();
                    everythingFails(view, file);
                    EXPECT_ERRNO(readDirectory(directory), EIO);
                  });
}

// A file of the lower layer that is renamed into a directory of the upper makes that impure. Once
// it has gone, reading the directory makes it pure again (ovl_dir_read_impure()).
CASE(B2, ADirectoryThatIsPureAgainFails, .subjects = kVolatileOnly, .overlay_options = "xino=on") {
  const std::string moved = subject.path("upper-dir/moved");
  sys::require(::rename(subject.path("lower-file").c_str(), moved.c_str()), "rename", moved);
  sys::require(::unlink(moved.c_str()), "unlink", moved);
  EXPECT_OK(readDirectory(subject.open("upper-dir", O_RDONLY | O_DIRECTORY)));
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(readDirectory(directory), EIO);
  EXPECT_ERRNO(create(subject, "upper-dir/new-name"), EIO);
  EXPECT_ERRNO(subject.tryOpen("upper-dir", O_RDONLY | O_DIRECTORY), EIO);
}

}  // namespace
}  // namespace conformance
