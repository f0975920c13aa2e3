// SPDX-License-Identifier: GPL-2.0
// V5: the mount options volatile and fsync= mean what they mean today, and show as they do.
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/kernel_probe.h"

namespace conformance {
namespace {

using sys::File;

void needsFsyncOption() {
  if (!kernelIsAtLeast(7, 0)) skip("the mount option fsync= is there since Linux 7.0");
}

// Mounts with an option, or says that it failed.
bool mounts(Subject& subject, const std::string& option) {
  const sys::Result mounted = subject.mountOverlay(option);
  EXPECT_OK(mounted) << "with " << option;
  return mounted.ok();
}

void isVolatile(Subject& subject, const std::string& option) {
  if (!mounts(subject, option)) return;
  const View& view = subject.latestMount();
  const File file = view.open("data");
  EXPECT_OK(file.syncfs());
  EXPECT_OK(file.fsync());
  subject.loseWritebackThrough(view);
  for (int i = 0; i < 2; ++i) {
    EXPECT_ERRNO(file.syncfs(), EIO) << "with " << option;
    EXPECT_ERRNO(file.fsync(), EIO) << "with " << option;
  }
  EXPECT_ERRNO(view.open("data").syncfs(), EIO) << "with " << option;
}

// What syncfs says first is A1's affair; here it is that nothing sticks.
void isNotVolatile(Subject& subject, const std::string& option) {
  if (!mounts(subject, option)) return;
  const View& view = subject.latestMount();
  const File file = view.open("data");
  subject.loseWritebackThrough(view);
  EXPECT_ERRNO(file.fsync(), EIO) << "with " << option;
  EXPECT_OK(file.fsync()) << "with " << option;
  (void)file.syncfs();
  EXPECT_OK(file.syncfs()) << "with " << option;
  EXPECT_OK(view.open("data").fsync()) << "with " << option;
}

// The words in /proc/mounts that are not of every overlay.
std::vector<std::string> shownWords(const View& view) {
  static const std::vector<std::string> kOfEveryOverlay = {
      "rw", "relatime", "lowerdir=", "upperdir=", "workdir=", "uuid="};
  std::vector<std::string> words;
  std::istringstream options(sys::shownMountOptions(view.root()));
  for (std::string word; std::getline(options, word, ',');) {
    const bool usual =
        std::any_of(kOfEveryOverlay.begin(), kOfEveryOverlay.end(), [&](const std::string& known) {
          return known.back() == '=' ? word.rfind(known, 0) == 0 : word == known;
        });
    if (!usual) words.push_back(word);
  }
  return words;
}

void showsAs(Subject& subject, const std::string& option, const std::vector<std::string>& words) {
  if (!mounts(subject, option)) return;
  EXPECT_EQ(shownWords(subject.latestMount()), words) << "with " << option;
}

CASE(V5, VolatileIsVolatile, .subjects = kVolatileOnly) {
  isVolatile(subject, "volatile");
}

CASE(V5, FsyncVolatileIsVolatile, .subjects = kVolatileOnly) {
  needsFsyncOption();
  isVolatile(subject, "fsync=volatile");
}

CASE(V5, FsyncAutoIsNotVolatile, .subjects = kVolatileOnly) {
  needsFsyncOption();
  isNotVolatile(subject, "fsync=auto");
}

CASE(V5, FsyncStrictIsNotVolatile, .subjects = kVolatileOnly) {
  needsFsyncOption();
  isNotVolatile(subject, "fsync=strict");
}

CASE(V5, VolatileShowsAsBefore, .subjects = kVolatileOnly) {
  showsAs(subject, "volatile", {kernelIsAtLeast(7, 0) ? "fsync=volatile" : "volatile"});
}

CASE(V5, FsyncOptionShowsAsBefore, .subjects = kVolatileOnly) {
  needsFsyncOption();
  showsAs(subject, "fsync=volatile", {"fsync=volatile"});
  showsAs(subject, "fsync=auto", {});
  showsAs(subject, "fsync=strict", {"fsync=strict"});
}

CASE(V5, NothingMoreShowsAfterAnError, .subjects = kVolatileOnly) {
  const std::vector<std::string> before = shownWords(subject);
  subject.loseWriteback();
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
  EXPECT_EQ(shownWords(subject), before);
}

}  // namespace
}  // namespace conformance
