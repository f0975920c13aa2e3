// SPDX-License-Identifier: GPL-2.0-only
// V5: the mount options volatile and fsync= keep their meaning, and are shown as before.
#include <fcntl.h>
#include <sys/mount.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/syncs_the_upper.h"
#include "conformance/needs.h"

namespace conformance {
namespace {

using sys::File;

// Whether the sync calls on a dirty file reach the disk.
void expectSyncs(Subject& subject, const View& view, bool expected, CalledFrom = Line::current()) {
  const File file = view.open("data");
  const std::uint64_t writes = subject.disk.writesDuring([&] {
    EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
    EXPECT_OK(file.fsync());
    EXPECT_OK(file.syncfs());
  });
  EXPECT_EQ(writes != 0, expected) << "a write to the disk";
}

void isVolatile(Subject& subject, const std::string& option, CalledFrom = Line::current()) {
  const View* view = mounted(subject, subject.beside.mountOverlay(option));
  if (view == nullptr) return;
  settle();  // what the mount itself has written
  expectSyncs(subject, *view, false);
  const File file = view->open("data");
  subject.loseWritebackThrough(*view);
  for (int i = 0; i < 2; ++i) {
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_ERRNO(file.fsync(), EIO);
  }
  if (!refusesNewFds(*view, "data")) {
    EXPECT_ERRNO(view->open("data").syncfs(), EIO);
  }
}

// What the first syncfs returns is checked by A1; this checks that the error is not sticky.
void isNotVolatile(Subject& subject, const std::string& option, CalledFrom = Line::current()) {
  const View* view = mounted(subject, subject.beside.mountOverlay(option));
  if (view == nullptr) return;
  expectSyncs(subject, *view, true);
  const File file = view->open("data");
  subject.loseWritebackThrough(*view);
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_OK(file.fsync());
  (void)file.syncfs();
  EXPECT_OK(file.syncfs());
  EXPECT_OK(view->open("data").fsync());
}

// The options in /proc/mounts, without the layers.
std::vector<std::string> shownWords(const View& view) {
  std::vector<std::string> words;
  std::istringstream options(sys::shownMountOptions(view.root()));
  for (std::string word; std::getline(options, word, ',');) {
    const bool is_layer =
        std::ranges::any_of(std::array{"lowerdir", "upperdir=", "workdir="},
                            [&](std::string_view name) { return word.starts_with(name); });
    if (!is_layer) words.push_back(word);
  }
  return words;
}

// What kernels show for an overlay without options, by their configuration: flags of any mount,
// security modules' words, defaults of overlayfs that are not the first value, Ubuntu's
// "nouserxattr". A word that no kernel shows is a change of the output.
bool isOfConfiguration(const std::string& word) {
  const std::string key = word.substr(0, word.find('='));
  constexpr std::array kKnown = {"rw",         "relatime",       "noatime",
                                 "nodiratime", "strictatime",    "lazytime",
                                 "seclabel",   "context",        "fscontext",
                                 "defcontext", "rootcontext",    "smackfsdef",
                                 "index",      "redirect_dir",   "nfs_export",
                                 "xino",       "metacopy",       "uuid",
                                 "userxattr",  "nouserxattr",    "default_permissions",
                                 "verity",     "override_creds", "nooverride_creds"};
  return std::ranges::count(kKnown, key) != 0;
}

void showsAs(Subject& subject, const std::string& option, const std::vector<std::string>& words,
             CalledFrom = Line::current()) {
  std::vector<std::string> usual = shownWords(subject.beside.another());
  std::erase_if(usual, std::not_fn(isOfConfiguration));
  const View* view = mounted(subject, subject.beside.mountOverlay(option));
  if (view == nullptr) return;
  std::vector<std::string> shown = shownWords(*view);
  std::erase_if(shown, [&](const auto& word) { return std::ranges::count(usual, word) != 0; });
  EXPECT_EQ(shown, words) << "with " << option;
}

CASE(V5, VolatileIsVolatile, .subjects = kVolatileOnly) {
  isVolatile(subject, "volatile");
}

CASE(V5, FsyncVolatileIsVolatile, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  isVolatile(subject, "fsync=volatile");
}

CASE(V5, FsyncAutoIsNotVolatile, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  isNotVolatile(subject, "fsync=auto");
}

CASE(V5, FsyncStrictIsNotVolatile, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  isNotVolatile(subject, "fsync=strict");
}

CASE(V5, VolatileShowsAsBefore, .subjects = kVolatileOnly) {
  showsAs(subject, "volatile", {hasFsyncOption(subject) ? "fsync=volatile" : "volatile"});
}

CASE(V5, FsyncOptionShowsAsBefore, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  showsAs(subject, "fsync=volatile", {"fsync=volatile"});
  showsAs(subject, "fsync=auto", {});
  showsAs(subject, "fsync=strict", {"fsync=strict"});
}

CASE(V5, FsyncVolatileFailstopIsVolatile, .subjects = kVolatileOnly) {
  const std::string option = kFailstop;
  showsAs(subject, option, {option});
  // The last one counts.
  showsAs(subject, "volatile," + option, {option});
  showsAs(subject, option + ",volatile", {"fsync=volatile"});
  expectMetadataSync(subject, option, false);
  const std::string layers = subject.layers.fresh().options;
  EXPECT_OK(subject.beside.mountLayers(layers + ',' + option));
  subject.beside.unmountLatest();
  EXPECT_ERRNO(subject.beside.mountLayers(layers), EINVAL) << "it left no marker";
  isVolatile(subject, option);
  EXPECT_ERRNO(subject.beside.mountOverlay(option), EIO) << "with an unseen error";
}

CASE(V5, NothingMoreShowsAfterAnError, .subjects = kVolatileOnly) {
  const std::vector<std::string> before = shownWords(subject);
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_EQ(shownWords(subject), before);
}

CASE(V5, TheOrderOfOptionsDoesNotMatter, .subjects = kVolatileOnly) {
  EXPECT_OK(subject.beside.mountLayers("volatile," + subject.layers.fresh().options));
  const std::string shown = sys::shownMountOptions(subject.beside.latest().root());
  EXPECT_NE(shown.find("volatile"), std::string::npos) << shown;
}

CASE(V5, FsyncOptionsTheLastCounts, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  showsAs(subject, "volatile,fsync=strict", {"fsync=strict"});
  showsAs(subject, "fsync=strict,volatile", {"fsync=volatile"});
  showsAs(subject, "volatile,fsync=auto", {});
}

// A way to ask for other options. Whether it is refused differs from release to release.
struct Change {
  std::string name;
  std::function<void(const View&)> ask;
};

void changeNothing(Subject& subject, const std::vector<Change>& changes,
                   CalledFrom = Line::current()) {
  for (const bool is_volatile : {false, true}) {
    const std::string own = is_volatile ? "volatile" : "index=off";
    const View* view = mounted(subject, subject.beside.mountOverlay(own));
    if (view == nullptr) return;
    const std::vector<std::string> before = shownWords(*view);
    for (const Change& change : changes) {
      SCOPED_TRACE(own + " is remounted with " + change.name);
      change.ask(*view);
      EXPECT_EQ(shownWords(*view), before);
      settle();
      expectSyncs(subject, *view, !is_volatile);
    }
  }
}

CASE(V5, ARemountChangesNothing, .subjects = kVolatileOnly) {
  std::vector<Change> changes;
  for (const char* options : {"volatile", "fsync=auto", "fsync=volatile", "fsync=strict"}) {
    changes.push_back({options, [=](const View& view) {
                         (void)::mount(nullptr, view.root().c_str(), nullptr, MS_REMOUNT, options);
                       }});
  }
  changeNothing(subject, changes);
}

// As mount(8) does it since util-linux 2.39: one call for each option.
Change reconfiguration(const char* key, const char* value) {
  const auto ask = [=](const View& view) {
    const sys::Descriptor context(static_cast<int>(sys::require(
        ::fspick(AT_FDCWD, view.root().c_str(), FSPICK_CLOEXEC), "fspick", view.root())));
    const unsigned command = value == nullptr ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
    (void)::fsconfig(context.get(), command, key, value, 0);
    (void)::fsconfig(context.get(), FSCONFIG_CMD_RECONFIGURE, nullptr, nullptr, 0);
  };
  return {value == nullptr ? key : std::string(key) + '=' + value, ask};
}

CASE(V5, AReconfigurationChangesNothing, .subjects = kVolatileOnly) {
  changeNothing(subject,
                {reconfiguration("volatile", nullptr), reconfiguration("fsync", "auto"),
                 reconfiguration("fsync", "volatile"), reconfiguration("fsync", "strict")});
}

// What others have written there is dirty before and after.
CASE(V5, NoVolatileMountSyncsTheUpper, .subjects = kVolatileOnly) {
  syncsTheUpper(subject, false, [&] {
    const View* view = mounted(subject, subject.beside.mountOverlay("volatile"));
    if (view == nullptr) return;
    EXPECT_OK(subject.beside.remountReadOnly(*view));
    EXPECT_OK(subject.beside.remountWritable(*view));
    subject.beside.unmount(*view);
  });
}

CASE(V5, WithoutAnUpperLayerItMeansNothing, .subjects = kVolatileOnly) {
  EXPECT_OK(subject.beside.mountLayers("volatile,lowerdir=" + subject.upper().root() + ':' +
                                       subject.layers.freshDirectory()));
  const View& view = subject.beside.latest();
  const std::string shown = sys::shownMountOptions(view.root());
  EXPECT_EQ(shown.find("volatile"), std::string::npos) << shown;
  const File file = view.open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_OK(file.syncfs());
  EXPECT_OK(read(file));
}

}  // namespace
}  // namespace conformance
