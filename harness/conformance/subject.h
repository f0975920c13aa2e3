// SPDX-License-Identifier: GPL-2.0
// Subject: what a case is run on, a pristine filesystem on a failing disk, bare or under an
// overlay.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/failing_disk.h"
#include "conformance/fault.h"
#include "conformance/fault_log.h"
#include "conformance/power_cuts.h"
#include "conformance/view.h"
#include "conformance/workspace.h"
#include "sys/mounting.h"
#include "sys/result.h"
#include "sys/setup_error.h"
#include "sys/user_namespace.h"

namespace conformance {

enum class SubjectKind { plain, overlay, volatile_overlay };

// "plain", "overlay", "volatile": the names in the verdict stream.
std::string_view name(SubjectKind kind);

// Thrown when a case cannot say anything here, which is a verdict of its own.
struct Skipped {
  std::string reason;
};
[[noreturn]] void skip(const std::string& reason);

// What an overlay is mounted on, if it isn't the usual.
struct LayerPlaces {
  std::string lower = {};  // instead of the workspace's
  std::string base = {};   // another mount of the filesystem
};

// The mount options of an overlay on these layers, and more.
std::string overlayOptions(const std::string& lower, const std::string& upper,
                           const std::string& work, const std::string& more = "");

// Its own view, open() and path(), is what is under test: the bare upper directory (plain), or the
// overlay on top of it. Both hold the files "data" and "other" and the folder "upper-dir", on the
// upper filesystem; an overlay also shows its lower layer (workspace.h).
class Subject : public View {
 public:
  // Puts the upper directory on the disk, for all cases at once. Throws SetupError.
  static void furnish(FailingDisk& disk, Workspace& workspace);

  // options: more mount options for the overlay. Throws SetupError.
  Subject(SubjectKind kind, FailingDisk& disk, Workspace& workspace, const std::string& options,
          FaultLog& log);
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  ~Subject() = default;

  SubjectKind kind() const { return kind_; }
  bool isOverlay() const { return kind_ != SubjectKind::plain; }
  const std::string& filesystem() const { return disk_.filesystem(); }
  const std::string& blockDevice() const { return disk_.readOnlyDevice(); }
  // The upper directory on the bare filesystem, whatever is mounted on top.
  const View& upper() const { return upper_; }

  // Loses dirty data of a file in writeback, so that the filesystem records an error that nobody
  // has seen: dirties the file through this subject while its sectors fail, lets fsync on the bare
  // file meet the error (which moves no cursor of syncfs), heals, and proves that the fault hit.
  // Throws SetupError, and Skipped where the disk cannot be made to fail in this way.
  void loseWriteback(const std::string& name = "data", FaultKind kind = FaultKind::error);
  // The same, dirtied through another view of the same filesystem.
  void loseWritebackThrough(const View& view, const std::string& name = "data");
  // The same, to a file on the same filesystem that is in no overlay.
  void loseWritebackElsewhere();
  // Loses writeback and lets syncfs on the bare filesystem report it: an error that was seen.
  void loseWritebackAndSeeIt();
  // From now on the data of this file cannot be written on the disk. Throws as loseWriteback().
  [[nodiscard]] Fault breakData(const std::string& name = "data",
                                FaultKind kind = FaultKind::error);
  // The same with the data of several files.
  [[nodiscard]] Fault breakDataOfAll(const std::vector<std::string>& names);
  // From now on nothing can be read from the disk or written to it. What the filesystem does about
  // that, also after it is healed, is its own affair (peculiarities.h).
  [[nodiscard]] Fault breakDisk();
  // Dirties a page of the block device in which data of this file lies, past the filesystem.
  // Throws SetupError.
  void dirtyBlockDevice(const std::string& name = "data");
  // Shuts the filesystem down, after which nothing works in it. Throws Skipped where it cannot be.
  void shutDown();

  // A second overlay on the same upper filesystem, with layers of its own, or on the plain subject
  // a second mount of the filesystem. It holds "data" too.
  const View& another();
  // An overlay of two folders of the upper filesystem, without an upper layer.
  const View& overlayWithoutUpper();
  // An upper directory of its own on the same filesystem, filled as the subject's, and the mount
  // options of an overlay on it.
  struct Layers {
    std::string upper;  // on the bare filesystem, as is the next
    std::string work;
    std::string options;
  };
  Layers freshLayers(const LayerPlaces& places);
  // An empty folder, to mount on or to be a layer on a tmpfs.
  std::string freshFolder();
  // Mounts what another() does, where mounting is under test itself.
  [[nodiscard]] sys::Result mountAnother();
  // Mounts one more overlay on the same upper filesystem with these options and layers of its own,
  // which is under test itself.
  [[nodiscard]] sys::Result mountOverlay(const std::string& options,
                                         const LayerPlaces& places = {});
  // Mounts an overlay with just these options.
  [[nodiscard]] sys::Result mountLayers(const std::string& options);
  // Mounts an overlay on another one, with its upper layer on a tmpfs. Throws SetupError.
  const View& overlayOnTmpfs(const View& lower);
  // Mounts the bare filesystem a second time, idmapped, and returns where. Throws SetupError.
  std::string idmappedBase(const sys::UserNamespace& users);
  // Mounts what is under test a second time, idmapped. Throws SetupError, and Skipped where an
  // overlay cannot be.
  const View& idmappedMount(const sys::UserNamespace& users);
  // The layers of the overlay under test.
  Layers ownLayers() const;
  // Layers on a filesystem in memory, with xattrs (tmpfs) or without (ramfs). Throws SetupError.
  Layers layersInMemory(const std::string& filesystem);
  // The view of the last of these mounts that succeeded.
  const View& latestMount() const { return extra_views_.back(); }
  // Unmounts the last of all these. Throws SetupError.
  void unmountLatest();
  // Unmounts the overlay under test and mounts it again. Throws SetupError.
  void mountAgain();
  // Remounts what is under test read-only, or writable again.
  [[nodiscard]] sys::Result remountReadOnly();
  [[nodiscard]] sys::Result remountWritable();
  // Remounts the bare filesystem as it is, under whatever is on top.
  [[nodiscard]] sys::Result remountUpper();
  // Writes to the disk that have ended so far, well or not.
  std::uint64_t writesToTheDisk() const;
  // Detaches the bare filesystem from its folder (umount -l): only what has it open or is mounted
  // on top still uses it. Throws SetupError.
  void detachUpper();
  // The same for the overlay under test.
  void detachOverlay();
  // The same for the last of the mounts beside it.
  void detachLatest();
  // Unmounts the overlay under test and the bare filesystem, and mounts the latter again. Throws
  // SetupError.
  void mountUpperAnew();
  // Instead of all that is mounted: the bare filesystem, at the same place, after power cuts.
  // Throws SetupError, and Skipped where the kernel cannot log writes.
  PowerCuts& powerCuts();

  // Unmounts everything and discards the disk. Throws SetupError when something is still in use,
  // when a fault that the case did not heal itself never hit, or when the filesystem no longer
  // works after a fault that hit data only.
  void tearDown();

 private:
  // Gives the disk's content back to the next case, also when a constructor above it throws.
  struct Discard {
    explicit Discard(FailingDisk& used) : disk(used) {}
    Discard(const Discard&) = delete;
    Discard& operator=(const Discard&) = delete;
    ~Discard();
    FailingDisk& disk;
  };
  Subject(SubjectKind kind, FailingDisk& disk, Workspace& workspace, const std::string& options,
          FaultLog& log, const std::string& base);
  // A mount beside the one under test, and what it shows.
  struct ExtraMount {
    sys::MountRequest request;
    View view;
  };
  ExtraMount anotherMount();
  const View& mount(const ExtraMount& extra);
  sys::Result attempt(const ExtraMount& extra);
  // Whole regions of the disk in which there is nothing but data, that of this file among it.
  std::vector<sys::SectorRange> breakableSectors(const std::string& bare_path) const;
  Fault breakDataOf(const std::vector<std::string>& bare_paths, FaultKind kind);
  void loseWritebackOf(const std::string& dirty_path, const std::string& bare_path, FaultKind kind);
  // A write to the bare filesystem reaches the disk, and with it all that its journal holds.
  void mustStillWork();

  SubjectKind kind_;
  FailingDisk& disk_;
  Workspace& workspace_;
  FaultLog& log_;
  FaultSite faults_;
  Discard discard_;
  std::string base_path_;
  View upper_;
  sys::MountRequest base_request_, overlay_request_;
  std::optional<sys::Mount> base_;
  std::optional<sys::Mount> overlay_;
  std::optional<PowerCuts> power_cuts_;
  std::deque<sys::Mount> extra_mounts_;
  std::deque<View> extra_views_;
  std::size_t folders_ = 0;       // handed out
  std::size_t layers_ = 1;        // upper directories on the filesystem
  bool data_has_failed_ = false;  // so that the filesystem has to work when the case is over,
  bool more_has_failed_ = false;  // or need not
};

}  // namespace conformance
