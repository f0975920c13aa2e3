// SPDX-License-Identifier: GPL-2.0-only
// Losses in one step, and faults that last for several.
#include <fcntl.h>

#include <algorithm>

#include "model/world.h"

namespace model {

bool World::canBeWritten(int view) const {
  const auto found = views_.find(view);
  return found != views_.end() && found->second.mounted && !found->second.read_only &&
         !(rules_.failstop && hasFailed(found->second));
}

bool World::canLose(const Step& step) const {
  return canBeWritten(step.view) && (step.target == Target::data || step.target == Target::other) &&
         std::ranges::find(rules_.losses, step.choice) != rules_.losses.end();
}

Answer World::lose(const Step& step) {
  const int error = losses().at(step.choice).error;
  errseq::Errseq& written = writtenTo({views_.at(step.view).layers, step.target});
  errseq::Cursor of_another = written.sample();
  written.set(error);
  upper_.set(error);
  dirty_ = false;
  switch (step.verb) {
    case Verb::lose:
      written.checkAndAdvance(of_another);
      return {};
    case Verb::syncfs_loses: {
      Description& file = descriptionOf(step.file);
      return {{report(views_.at(file.view), file)}};
    }
    case Verb::fsync_loses:
    case Verb::write_loses:
      return {{written.checkAndAdvance(descriptionOf(step.file).fsync)}};
    default:  // sync_loses
      anyMayFind();
      return {};
  }
}

std::optional<int> World::fault() const {
  return broken_ ? std::optional(broken_->fault) : std::nullopt;
}

// All that is dirty has been written before, by sync(2), so that nothing else is lost.
void World::breakFile(const Step& step) {
  anyMayFind();
  broken_ = {.fault = step.file,
             .file = {views_.at(step.view).layers, step.target},
             .error = losses().at(step.choice).error};
  dirty_ = true;
}

// What could not be written is not dirty any more.
void World::writeBack() {
  if (!broken_ || !broken_->dirty) return;
  broken_->dirty = false;
  writtenTo(broken_->file).set(broken_->error);
  upper_.set(broken_->error);
}

bool World::canWriteUnderFault(const Step& step) const {
  return canBeWritten(step.view) &&
         broken_->file == FileKey(views_.at(step.view).layers, step.target);
}

// What is written may miss the part of the file that is broken, unless it is all of it, or all of
// it is dirty anyway. And nothing else may fail because of the fault.
bool World::isPossibleUnderFault(const Step& step) const {
  const auto file = files_.find(step.file);
  const Description* on = file == files_.end() ? nullptr : &descriptions_.at(file->second);
  const bool on_broken = on != nullptr && broken_->file == keyOf(*on);
  const OpenMode& mode = openModes()[on == nullptr ? 0 : on->mode];
  switch (step.verb) {
    case Verb::fault:  // there is one at a time
    case Verb::lose:
    case Verb::sync_loses:
    case Verb::syncfs_loses:
    case Verb::fsync_loses:
    case Verb::write_loses:
    case Verb::prepare:  // these sync
    case Verb::mount:
    case Verb::drop_caches:
    case Verb::syncfs_on_read_only:
      return false;
    case Verb::freeze:
    case Verb::remount_read_only:
      return !broken_->dirty;
    case Verb::unmount: {  // in a user namespace, later
      const auto view = views_.find(step.view);
      return view == views_.end() || !view->second.in_user_namespace || !broken_->dirty;
    }
    case Verb::write_and_sync:
    case Verb::store_and_msync:
      return !on_broken;
    case Verb::read:
    case Verb::ring_read:  // a direct one writes what is dirty first
      return !on_broken || (mode.flags & O_DIRECT) == 0;
    case Verb::write:
    case Verb::ring_write:
      return !on_broken || (broken_->dirty && !mode.synchronous);
    default:
      return true;
  }
}

}  // namespace model
