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
#include "conformance/fault_log.h"
#include "conformance/view.h"
#include "conformance/workspace.h"
#include "sys/mounting.h"
#include "sys/result.h"
#include "sys/setup_error.h"

namespace conformance {

enum class SubjectKind { plain, overlay, volatile_overlay };

// "plain", "overlay", "volatile": the names in the verdict stream.
std::string_view name(SubjectKind kind);

// Thrown when a case cannot say anything here, which is a verdict of its own.
struct Skipped {
  std::string reason;
};
[[noreturn]] void skip(const std::string& reason);

class Subject;

// Broken data sectors; healed at the end of its life at the latest. What goes wrong then, as in
// heal(), is thrown by Subject::tearDown().
class Fault {
 public:
  Fault(Fault&& other) noexcept;
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;
  Fault& operator=(Fault&&) = delete;
  ~Fault();

  // Heals the disk, and waits until the filesystem has recorded all that failed. Throws SetupError
  // when no write has failed in between: then nothing was tested.
  void heal();
  // Writes that it has failed so far. To be asked before heal().
  std::uint64_t failedWrites() const;

 private:
  friend class Subject;
  Fault(Subject& subject, std::string bare_path, std::uint64_t failed_before);

  Subject* subject_;
  std::string bare_path_;
  std::uint64_t failed_before_;
};

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
  // file meet the EIO (which moves no cursor of syncfs), heals, and proves that the fault hit.
  // Throws SetupError.
  void loseWriteback(const std::string& name = "data");
  // The same, dirtied through another view of the same filesystem.
  void loseWritebackThrough(const View& view, const std::string& name = "data");
  // The same, to a file on the same filesystem that is in no overlay.
  void loseWritebackElsewhere();
  // Loses writeback and lets syncfs on the bare filesystem report it: an error that was seen.
  void loseWritebackAndSeeIt();
  // From now on the data of this file cannot be read or written on the disk.
  [[nodiscard]] Fault breakData(const std::string& name = "data");

  // A second overlay on the same upper filesystem, with layers of its own, or on the plain subject
  // a second mount of the filesystem. It holds "data" too.
  const View& another();
  // An overlay of two folders of the upper filesystem, without an upper layer.
  const View& overlayWithoutUpper();
  // Mounts what another() does, where mounting is under test itself.
  [[nodiscard]] sys::Result mountAnother();
  // Mounts one more volatile overlay on the same upper filesystem, which is under test itself.
  [[nodiscard]] sys::Result mountVolatile();
  // The view of the last of these mounts that succeeded.
  const View& latestMount() const { return extra_views_.back(); }
  // Remounts what is under test read-only.
  [[nodiscard]] sys::Result remountReadOnly();

  // Unmounts everything and discards the disk. Throws SetupError when something is still in use,
  // when a fault that the case did not heal itself never hit, or when the filesystem no longer works
  // after a fault that hit data only.
  void tearDown();

 private:
  friend class Fault;

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
  // An upper directory of its own on the same filesystem, and the options of an overlay on it.
  struct Layers {
    std::string upper;
    std::string options;
  };
  Layers freshLayers();
  std::string nextMountPoint();
  // A mount beside the one under test, and what it shows.
  struct ExtraMount {
    sys::MountRequest request;
    View view;
  };
  ExtraMount anotherMount();
  const View& mount(const ExtraMount& extra);
  sys::Result attempt(const ExtraMount& extra);
  Fault breakDataOf(const std::string& bare_path);
  void loseWritebackOf(const std::string& dirty_path, const std::string& bare_path);
  // A write to the bare filesystem reaches the disk, and with it all that its journal holds.
  void mustStillWork();

  SubjectKind kind_;
  FailingDisk& disk_;
  Workspace& workspace_;
  FaultLog& log_;
  Discard discard_;
  std::string base_path_;
  View upper_;
  std::optional<sys::Mount> base_;
  std::optional<sys::Mount> overlay_;
  std::deque<sys::Mount> extra_mounts_;
  std::deque<View> extra_views_;
  bool has_failed_ = false;         // the disk, in this case
  bool base_is_read_only_ = false;  // because the case remounted it
  std::optional<sys::SetupError> unhealed_;  // of a fault that its own end had to heal
};

}  // namespace conformance
