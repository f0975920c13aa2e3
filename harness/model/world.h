// SPDX-License-Identifier: GPL-2.0-only
// World: what an upper filesystem, the overlays on it and the open files on both have to answer,
// as the requirements say (Documentation/semantics.md). No system call is made here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "errseq/errseq.h"
#include "model/circumstance.h"
#include "model/step.h"

namespace model {

// What differs between the kernels and filesystems that are judged.
struct Rules {
  bool reports = true;                  // series A: syncfs on an overlay returns errors
  bool failstop = true;                 // series B: a volatile overlay fails as a whole
  bool reuse = true;                    // series C: its upper may be mounted again
  bool temporary_files = true;          // overlayfs has O_TMPFILE
  bool quiet_disk = true;               // the filesystem writes nothing by itself for a while
  bool rings = true;                    // there is io_uring
  int operations = 0;                   // how many can be prepared
  int changes = 0;                      // how many there are
  std::vector<int> losses = {0, 1, 2};  // that this filesystem records with their errno
  std::vector<int> mounts = {};         // of mountModes(), that this kernel has
};

// What a call may answer, and what it may do to the disk.
struct Answer {
  enum class Disk { anything, is_written, stays };  // stays: as it is, not written

  std::vector<int> errors = {0};  // each of them is right; 0 is success
  Disk disk = Disk::anything;

  bool allows(int error) const;
};

class World {
 public:
  // The subject, on view 1, is an overlay.
  World(Rules rules, bool subject_is_volatile);

  // Whether the step makes sense now: what it refers to exists, and the model knows what it has to
  // answer.
  bool possible(const Step& step) const;
  // Takes the step, which must be possible, and says what the kernel has to answer.
  Answer apply(const Step& step);
  // What a possible step would be taken on; nothing for a step that is not under test.
  std::optional<Circumstance> circumstanceOf(const Step& step) const;

  // For a generator, and for the names of new things.
  std::vector<int> views() const;  // mounted
  std::vector<int> goneViews() const;
  std::vector<int> files() const;
  std::vector<int> preparedCalls() const;
  std::optional<int> fault() const;
  int nextView() const { return next_view_; }
  int nextFile() const { return next_file_; }
  const Rules& rules() const { return rules_; }
  // Whether that many lines of the kernel log say that a volatile mount has failed: one for each
  // that was asked after it had failed.
  bool isRightNumberOfFailures(long lines) const;
  int failuresFound() const { return failures_found_; }

  // What a step goes through: the mount of its file, if that is open.
  int viewOf(const Step& step) const;
  bool isDirectory(int file) const;
  bool isInUserNamespace(int view) const { return views_.at(view).in_user_namespace; }

 private:
  // The directories that an overlay is mounted on; what series C knows of them is here too.
  struct Layers {
    bool marked = false;        // had a volatile mount
    bool known = false;         // C: it may be mounted again, if
    bool clean = false;         // the last volatile mount did not fail
    bool fit_any_mount = true;  // there are no metacopies and redirects
    Lowers lowers = Lowers::one;
    errseq::Cursor first_sample{};
  };
  struct View {
    bool is_overlay = true;
    bool is_volatile = false;
    bool read_only = false;
    bool mounted = true;       // visible; a detached mount is not
    bool gone = false;         // unmounted, by nobody used
    bool may_be_gone = false;  // detached, and used only by prepared calls: some hold no file
    bool found = false;        // its failure was found
    bool may_be_found = false;
    bool handles = false;
    bool in_user_namespace = false;
    int option = kBareOption;  // Dimension::option
    int layers = 0;
    errseq::Cursor sample{};
  };
  // An open file description.
  struct Description {
    int view = 0;
    Target target{};
    int mode = 0;
    int holders = 1;
    bool reported = false;  // syncfs has returned an error
    bool has_data = false;  // of what was empty when it was opened
    bool late = false;      // opened when nobody had seen the error
    errseq::Cursor syncfs{}, fsync{};
  };
  using FileKey = std::pair<int, Target>;  // layers, name
  errseq::Errseq& writtenTo(const FileKey& file);
  FileKey keyOf(const Description& file) const;
  // A file whose data cannot be written.
  struct Broken {
    int fault = 0;
    FileKey file;
    int error = 0;
    bool dirty = true;  // so that the next writeback fails
  };

  // What syncfs returns on a mount that is not volatile.
  int report(const View& view, Description& file);
  bool hasFailed(const View& view) const;
  // The same, and a call finds it.
  bool finds(View& view);
  // A call may find it, or not; sync(2) may ask every mount.
  void mayFind(View& view);
  void anyMayFind();
  Description& descriptionOf(int file) { return descriptions_.at(files_.at(file)); }
  const Description& descriptionOf(int file) const { return descriptions_.at(files_.at(file)); }
  bool hasOpenFiles(int view) const;
  bool uses(int view) const;  // some file or prepared call does
  bool canBeOpened(const Step& step, const View& view) const;
  bool canMount(const Step& step) const;
  bool canBeWritten(int view) const;
  bool canLose(const Step& step) const;
  bool canWriteUnderFault(const Step& step) const;
  bool isPossibleUnderFault(const Step& step) const;
  bool canCopy(const Description& from, const Description& to) const;
  bool isWrittenByNobody() const;  // the upper filesystem can be remounted read-only
  bool isInUserNamespace() const;  // some view, which holds on to all the others
  History historyOf(const View& view) const;
  History historyOf(const Description& description) const;

  // For a call that must not write to the disk.
  Answer::Disk quiet() const {
    return rules_.quiet_disk && quiet_ ? Answer::Disk::stays : Answer::Disk::anything;
  }

  Answer open(const Step& step);
  Answer sync(const Step& step);
  Answer remount(const Step& step);
  Answer syncFile(const Step& step);
  Answer access(const Step& step, bool writes);
  Answer accessed(Description& file, bool writes, Verb verb);
  int errorOfSyncing(Description& file);
  Answer store(Description& file);
  Answer copy(const Step& step);
  Answer change(const Step& step);
  Answer lookUp(const Step& step);
  void leave(int view);  // a file, a call or its path has gone
  Answer mount(const Step& step, int layers);
  Answer lose(const Step& step);
  void breakFile(const Step& step);
  void writeBack();  // of the upper filesystem
  void unmount(View& view);

  Rules rules_;
  errseq::Errseq upper_;
  std::map<FileKey, errseq::Errseq> written_;  // the errseq of each file's own writeback
  std::map<int, Layers> layers_;
  std::map<int, View> views_;
  std::map<int, Description> descriptions_;
  std::map<int, int> files_;                     // by number, to descriptions
  std::map<int, int> prepared_;                  // to views
  std::vector<std::pair<int, int>> operations_;  // view and operation, each prepared once
  int next_view_ = kSubject + 1;
  int next_file_ = 1;
  int failures_found_ = 0;
  int failures_maybe_found_ = 0;
  std::optional<Broken> broken_;
  bool dirty_ = false;
  bool quiet_ = true;
};

}  // namespace model
