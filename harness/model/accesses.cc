// SPDX-License-Identifier: GPL-2.0-only
// What the kernel has to answer to reads, writes, mappings and changes.
#include <fcntl.h>

#include <cerrno>

#include "model/world.h"

namespace model {

errseq::Errseq& World::writtenTo(const FileKey& file) {
  return written_[file];
}

World::FileKey World::keyOf(const Description& file) const {
  return {views_.at(file.view).layers, named(file.target)};
}

// Reads, writes and mappings.
Answer World::access(const Step& step, bool writes) {
  Description& file = descriptionOf(step.file);
  const OpenMode& mode = openModes()[file.mode];
  if (file.target == Target::path_only) return {{EBADF}};
  if (file.target == Target::device) return {};
  if (model::isDirectory(file.target)) {
    if (writes) return {{EBADF}};
  } else if (writes ? !mode.writes : !mode.reads) {
    return {{step.verb == Verb::map ? EACCES : EBADF}};
  }
  return accessed(file, writes, step.verb);
}

// By a file that is open for it.
Answer World::accessed(Description& file, bool writes, Verb verb) {
  View& view = views_.at(file.view);
  const OpenMode& mode = openModes()[file.mode];
  if (rules_.failstop && finds(view)) return {{EIO}};
  if (!writes || !isUpperFile(file.target)) return {};
  file.has_data = true;
  if (view.is_volatile) {
    // O_SYNC of the file on the upper filesystem stays, and it may have an error from before the
    // mount. What io_uring writes is asynchronous, and only the flags of the overlay's file count.
    if (mode.synchronous) {
      return verb == Verb::ring_write ? Answer{} : Answer{{errorOfSyncing(file)}};
    }
    dirty_ = dirty_ || !hasNoName(file.target);
    return {{0}, quiet()};
  }
  const bool syncs = verb == Verb::write_and_sync;
  if (!syncs && !mode.synchronous) {
    dirty_ = dirty_ || !hasNoName(file.target);
    return {};
  }
  dirty_ = false;
  return {{syncs || (mode.flags & O_DIRECT) == 0 ? errorOfSyncing(file) : 0},
          Answer::Disk::is_written};
}

// What a file has to report for its own writeback.
int World::errorOfSyncing(Description& file) {
  return isNew(file.target) ? 0 : writtenTo(keyOf(file)).checkAndAdvance(file.fsync);
}

// A mapping is of the file on the upper filesystem, so even if the overlay is volatile msync(2)
// writes it to the disk.
Answer World::store(Description& file) {
  View& view = views_.at(file.view);
  if (rules_.failstop && finds(view)) return {{EIO}};
  dirty_ = false;
  Answer answer{{writtenTo(keyOf(file)).checkAndAdvance(file.fsync)}};
  // After a loss and without its cached pages, btrfs sometimes has no page to store into.
  if (!rules_.quiet_disk && answer.allows(0)) answer.errors.push_back(EFAULT);
  return answer;
}

// What is copied may be on the disk at once (reflink), or not.
Answer World::copy(const Step& step) {
  View& from = views_.at(descriptionOf(step.from).view);
  View& to = views_.at(descriptionOf(step.file).view);
  dirty_ = false;
  if (!rules_.failstop) return {};
  if (hasFailed(from) && hasFailed(to) && &from != &to) {
    mayFind(from);  // one of them does
    mayFind(to);
    return {{EIO}};
  }
  return finds(from) || finds(to) ? Answer{{EIO}} : Answer{};
}

Answer World::lookUp(const Step& step) {
  return {{rules_.failstop && finds(views_.at(step.view)) ? EIO : ENOENT}};
}

Answer World::change(const Step& step) {
  View& view = views_.at(step.view);
  const bool failed = rules_.failstop && hasFailed(view);
  if (view.read_only) {
    if (failed) mayFind(view);
    return failed ? Answer{{EROFS, EIO}} : Answer{{EROFS}};
  }
  if (failed && finds(view)) return {{EIO}};
  if (step.choice == kCopyUp) {
    dirty_ = dirty_ && view.is_volatile;
    return {};  // XFS begins to write what was copied up, also in a volatile overlay
  }
  if (view.is_volatile) return {{0}, quiet()};
  return {};
}

}  // namespace model
