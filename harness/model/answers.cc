// SPDX-License-Identifier: GPL-2.0-only
// What the kernel has to answer to each step.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "model/world.h"

namespace model {

bool Answer::allows(int error) const {
  return std::ranges::find(errors, error) != errors.end();
}

bool World::finds(View& view) {
  if (!hasFailed(view)) return false;
  if (rules_.failstop && !view.found) ++failures_found_;
  if (view.may_be_found && !view.found) --failures_maybe_found_;
  view.found = true;
  return true;
}

void World::mayFind(View& view) {
  if (!hasFailed(view) || view.found || view.may_be_found) return;
  view.may_be_found = true;
  ++failures_maybe_found_;
}

void World::anyMayFind() {
  for (auto& [number, view] : views_) mayFind(view);
}

Answer World::open(const Step& step) {
  View& view = views_.at(step.view);
  const OpenMode& mode = openModes()[step.choice];
  const bool refused =
      view.read_only && isRegular(step.target) && (mode.writes || isNew(step.target));
  if (refused && rules_.failstop && hasFailed(view)) {
    mayFind(view);
    return {{EROFS, EIO}};
  }
  if (refused) return {{EROFS}};
  if (rules_.failstop && step.target != Target::path_only && finds(view)) return {{EIO}};
  if (step.target == Target::lower_file && mode.writes) dirty_ = dirty_ && view.is_volatile;
  Description description;
  description.view = step.view;
  description.target = step.target;
  description.mode = step.choice;
  description.syncfs = upper_.sample();
  description.late = upper_.check(description.syncfs) != 0;
  description.fsync = writtenTo({view.layers, named(step.target)}).sample();
  if (isNew(step.target)) description.fsync = {};
  descriptions_[step.file] = description;
  files_[step.file] = step.file;
  return {};
}

int World::report(const View& view, Description& file) {
  if (view.is_overlay && !rules_.reports) return 0;
  const int error = upper_.checkAndAdvance(file.syncfs);
  file.reported = file.reported || error != 0;
  return error;
}

// syncfs(2)
Answer World::sync(const Step& step) {
  Description& file = descriptionOf(step.file);
  if (file.target == Target::path_only) return {{EBADF}};
  View& view = views_.at(file.view);
  if (view.is_volatile) {
    // Nothing is synced. Until 6.11 the overlay had an errseq of its own, which each failed sync
    // set (34b4540e6646).
    if (view.read_only) return hasFailed(view) ? Answer{{0, EIO}} : Answer{};
    if (finds(view)) return {{EIO}};
    if (step.verb == Verb::syncfs_on_read_only) return {};
    return {{0}, quiet()};
  }
  if (!view.read_only) writeBack();
  Answer answer{{report(view, file)}};
  if (step.verb == Verb::syncfs_on_read_only) {  // EROFS is nothing that syncfs says
    dirty_ = false;
  } else if (!view.read_only) {
    if (dirty_) answer.disk = Answer::Disk::is_written;
    dirty_ = false;
  }
  return answer;
}

// fsync(2), fdatasync(2)
Answer World::syncFile(const Step& step) {
  Description& file = descriptionOf(step.file);
  if (file.target == Target::path_only) return {{EBADF}};
  View& view = views_.at(file.view);
  if (view.is_volatile) {
    if (!finds(view)) return {{0}, quiet()};
    // Without series B it is the errno that was recorded last.
    return rules_.failstop ? Answer{{EIO}} : Answer{{upper_.error()}};
  }
  dirty_ = false;
  if (!isUpperFile(file.target) || isNew(file.target)) return {};
  if (broken_ && broken_->file == keyOf(file)) writeBack();
  return {{writtenTo(keyOf(file)).checkAndAdvance(file.fsync)}};
}

Answer World::mount(const Step& step, int number) {
  const MountMode& mode = mountModes().at(step.choice);
  next_view_ = std::max(next_view_, step.view + 1);
  Layers& layers = layers_[number];
  const errseq::Cursor sample = upper_.sample();
  if (mode.is_volatile && upper_.check(sample) != 0) return {{EIO}};
  if (layers.marked) {
    const bool may_be_used = rules_.reuse && mode.is_volatile && !mode.userxattr && layers.known &&
                             layers.clean && layers.first_sample == sample;
    if (!may_be_used) return {{EINVAL}};
  }
  View view;
  view.is_volatile = mode.is_volatile;
  view.read_only = mode.read_only;
  view.layers = number;
  view.sample = sample;
  view.handles = mode.hasHandles();
  view.in_user_namespace = mode.isInUserNamespace();
  view.option = kFirstModeOption + step.choice;
  layers.fit_any_mount = layers.fit_any_mount && mode.fitsAnyLayers();
  layers.lowers = mode.lowers;
  if (mode.is_volatile && !layers.marked) {
    layers.marked = true;
    layers.known = !mode.userxattr;
    layers.first_sample = sample;
  }
  if (mode.is_volatile) layers.clean = false;
  views_[step.view] = view;
  return {};
}

void World::unmount(View& view) {
  view.mounted = false;
  view.gone = true;
  if (!view.is_volatile) {
    if (!view.read_only) writeBack();
    dirty_ = false;
    return;
  }
  Layers& layers = layers_[view.layers];
  layers.clean = !hasFailed(view);
  if (rules_.reuse && layers.known && !view.may_be_gone && !view.read_only) {
    finds(view);
  } else {
    mayFind(view);  // with series C
  }
}

void World::leave(int view) {
  View& left = views_.at(view);
  if (left.mounted) return;
  if (!uses(view)) return unmount(left);
  if (hasOpenFiles(view)) return;
  left.may_be_gone = true;
  mayFind(left);
}

bool World::isRightNumberOfFailures(long lines) const {
  return !rules_.failstop ||
         (lines >= failures_found_ && lines <= failures_found_ + failures_maybe_found_);
}

Answer World::apply(const Step& step) {
  next_file_ = std::max(next_file_, step.file + 1);
  switch (step.verb) {
    case Verb::open:
      return open(step);
    case Verb::duplicate:
    case Verb::pass:
      files_[step.file] = files_.at(step.from);
      ++descriptionOf(step.file).holders;
      return {};
    case Verb::close: {
      Description& description = descriptionOf(step.file);
      const int key = files_.at(step.file), view = description.view;
      files_.erase(step.file);
      if (--description.holders == 0) descriptions_.erase(key);
      leave(view);
      return {};
    }
    case Verb::syncfs:
    case Verb::syncfs_in_child:
    case Verb::syncfs_on_read_only:
      return sync(step);
    case Verb::fsync:
    case Verb::fdatasync:
    case Verb::ring_fsync:
      return syncFile(step);
    case Verb::stat:
      return {};
    case Verb::read:
    case Verb::map:
    case Verb::ring_read:
      return access(step, false);
    case Verb::store_and_msync:
      return store(descriptionOf(step.file));
    case Verb::copy:
      return copy(step);
    case Verb::change:
      return change(step);
    case Verb::write:
    case Verb::ring_write:
    case Verb::write_and_sync:
      return access(step, true);
    case Verb::look_up:
      return lookUp(step);
    case Verb::inspect:
      return {};
    case Verb::prepare:
      operations_.emplace_back(step.view, step.choice);
      prepared_[step.file] = step.view;
      dirty_ = false;
      return {};
    case Verb::call:
      finds(views_.at(prepared_.at(step.file)));
      return {{EIO}};
    case Verb::drop: {
      const int view = prepared_.at(step.file);
      prepared_.erase(step.file);
      leave(view);
      return {};
    }
    case Verb::lose:
    case Verb::sync_loses:
    case Verb::syncfs_loses:
    case Verb::fsync_loses:
    case Verb::write_loses:
      return lose(step);
    case Verb::fault:
      breakFile(step);
      return {};
    case Verb::write_under_fault:
      broken_->dirty = true;
      dirty_ = true;
      return {};
    case Verb::heal:
      broken_.reset();
      dirty_ = false;
      return {};
    case Verb::sync:
    case Verb::freeze:
      writeBack();
      dirty_ = false;
      if (step.verb == Verb::sync) anyMayFind();
      return {};
    case Verb::drop_caches:
      quiet_ = false;  // XFS then writes metadata in the background (xfs_reclaim_inodes_nr())
      return {};
    case Verb::mount:
      return mount(step, step.view);
    case Verb::mount_again:
      return mount(step, views_.at(step.from).layers);
    case Verb::unmount:
      unmount(views_.at(step.view));
      return {};
    case Verb::detach:
      views_.at(step.view).mounted = false;
      leave(step.view);
      return {};
    case Verb::remount_read_only:
    case Verb::remount_writable:
      return remount(step);
  }
  return {};
}

Answer World::remount(const Step& step) {
  View& view = views_.at(step.view);
  view.read_only = step.verb == Verb::remount_read_only;
  mayFind(view);
  if (view.is_volatile) return {{0}, quiet()};
  if (!view.read_only) return {};
  // What was written before is synced now: syncfs does not do it any more (A13).
  return {{0}, std::exchange(dirty_, false) ? Answer::Disk::is_written : Answer::Disk::anything};
}

}  // namespace model
