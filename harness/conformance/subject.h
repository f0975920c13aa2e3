// SPDX-License-Identifier: GPL-2.0-only
// Subject: what a case is run on, a pristine filesystem on a failing disk, bare or under an
// overlay.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "conformance/layers.h"
#include "conformance/mounts_beside.h"
#include "conformance/power_cuts.h"
#include "conformance/subject_disk.h"
#include "conformance/subject_mount.h"
#include "conformance/view.h"

namespace conformance {

enum class SubjectKind { plain, overlay, volatile_overlay };

// "plain", "overlay", "volatile": the names in the verdict stream.
std::string_view name(SubjectKind kind);

// Its own view, open() and path(), is what is under test: the bare upper directory (plain), or the
// overlay on top of it. Both hold the files "data" and "other" and the directory "upper-dir", on
// the upper filesystem; an overlay also shows its lower layer (workspace.h).
class Subject : public View {
 public:
  // On a disk that LayerDirectories::populate() has filled. options: more mount options for the
  // overlay. volatile_option: what makes it volatile. Throws SetupError.
  Subject(SubjectKind kind, FailingDisk& disk, Workspace& workspace, const std::string& options,
          FaultLog& log, const std::string& volatile_option = "volatile")
      : Subject(kind, disk, LayerDirectories(workspace), options, log, volatile_option) {}
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  ~Subject() = default;

  SubjectKind kind() const { return kind_; }
  bool isOverlay() const { return kind_ != SubjectKind::plain; }
  const filesystems::Filesystem& filesystem() const { return disk.filesystem(); }
  // The upper directory on the bare filesystem, whatever is mounted on top.
  const View& upper() const { return upper_; }

  // Loses dirty data of a file in writeback: the filesystem records an error that nobody has seen
  // (subject_disk.h). Throws SetupError, and Skipped if the disk cannot be made to fail in this
  // way.
  void loseWriteback(const std::string& name = "data", FaultKind kind = FaultKind::error);
  // The same, dirtied through another view of the same filesystem.
  void loseWritebackThrough(const View& view, const std::string& name = "data");
  // The same for a file on the same filesystem that is in no overlay.
  void loseWritebackElsewhere();
  // Loses writeback and lets syncfs on the bare filesystem report it: an error that was seen.
  void loseWritebackAndSeeIt();
  // From now on the data of this file cannot be written on the disk. Throws as loseWriteback().
  [[nodiscard]] Fault breakData(const std::string& name = "data",
                                FaultKind kind = FaultKind::error) {
    return disk.breakData({name}, kind);
  }

  // Makes the upper filesystem stop for an error of its own (Traits::stops). Throws SetupError.
  void stopForAnError();
  // Replaces all mounts by the bare filesystem, at the same place, as power cuts leave it. Throws
  // SetupError, and Skipped if the kernel cannot log writes.
  PowerCuts& powerCuts();

  // Unmounts everything and discards the disk. Throws SetupError when something is still in use,
  // when a fault that the case did not heal itself never hit, or when the filesystem no longer
  // works after a fault that hit data only.
  void tearDown();

 private:
  Subject(SubjectKind kind, FailingDisk& disk, const LayerDirectories& layers,
          const std::string& options, FaultLog& log, const std::string& volatile_option);

  SubjectKind kind_;
  View upper_;

 public:
  // The parts, from the disk up; that is also the order in which they are set up.
  LayerDirectories layers;
  SubjectDisk disk;
  SubjectMount mount;
  MountsBeside beside;

 private:
  std::optional<PowerCuts> power_cuts_;
};

}  // namespace conformance
