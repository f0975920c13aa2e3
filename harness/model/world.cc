// SPDX-License-Identifier: GPL-2.0-only
#include "model/world.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

namespace model {
namespace {

bool contains(const std::vector<int>& numbers, int number) {
  return std::ranges::find(numbers, number) != numbers.end();
}

// What is opened in one way only has the first.
bool modeFits(Target target, int mode) {
  if (mode < 0 || mode >= static_cast<int>(openModes().size())) return false;
  const OpenMode& how = openModes()[mode];
  if (target == Target::temporary) return how.writes;
  // What is appended may lie where the disk cannot be broken.
  if (isNew(target)) return true;
  if ((how.flags & O_TRUNC) != 0) return false;  // nor what is cut off
  if (isUpperFile(target)) return (how.flags & O_APPEND) == 0;
  return mode == 0 || (target == Target::lower_file && (how.flags & O_DIRECT) == 0);
}

const MountMode& mountMode(const Step& step) {
  return mountModes().at(step.choice);
}

template <class Map, class Condition>
std::vector<int> keysOf(const Map& map, Condition&& condition) {
  std::vector<int> keys;
  for (const auto& [key, value] : map) {
    if (condition(value)) keys.push_back(key);
  }
  return keys;
}

}  // namespace

World::World(Rules rules, bool subject_is_volatile) : rules_(std::move(rules)) {
  View bare;
  bare.is_overlay = false;
  views_[kBare] = bare;
  View subject;
  subject.is_volatile = subject_is_volatile;
  subject.option = subject_is_volatile ? kVolatileSubjectOption : kSubjectOption;
  views_[kSubject] = subject;
  layers_[0].marked = subject_is_volatile;
}

std::vector<int> World::views() const {
  return keysOf(views_, [](const View& view) { return view.mounted; });
}

std::vector<int> World::goneViews() const {
  return keysOf(views_, [](const View& view) { return view.gone; });
}

std::vector<int> World::files() const {
  return keysOf(files_, [](int) { return true; });
}

std::vector<int> World::preparedCalls() const {
  return keysOf(prepared_, [](int) { return true; });
}

int World::viewOf(const Step& step) const {
  const auto file = files_.find(step.file);
  return file == files_.end() ? step.view : descriptions_.at(file->second).view;
}

bool World::isDirectory(int file) const {
  return files_.count(file) != 0 && model::isDirectory(descriptionOf(file).target);
}

bool World::hasFailed(const View& view) const {
  return view.is_volatile && upper_.check(view.sample) != 0;
}

bool World::hasOpenFiles(int view) const {
  return std::ranges::any_of(descriptions_,
                             [=](const auto& entry) { return entry.second.view == view; });
}

bool World::uses(int view) const {
  return hasOpenFiles(view) ||
         std::ranges::any_of(prepared_, [=](const auto& entry) { return entry.second == view; });
}

bool World::canBeOpened(const Step& step, const View& view) const {
  if (!modeFits(step.target, step.choice)) return false;
  switch (step.target) {
    case Target::lower_file:
    case Target::lower_directory:
      return view.is_overlay;
    case Target::renamed_directory:
      return !view.read_only && !(rules_.failstop && hasFailed(view));
    case Target::temporary:
      return !view.is_overlay || rules_.temporary_files;
    case Target::by_handle:
      return view.handles;
    case Target::fifo:
      return !view.read_only;
    case Target::device:  // of a mount of a user namespace no device can be opened
      return !view.read_only && !view.in_user_namespace;
    case Target::path_only:  // the dentry cache may have lost the name, or not
      return !(rules_.failstop && hasFailed(view));
    default:
      return true;
  }
}

bool World::canMount(const Step& step) const {
  if (step.view != next_view_ && views_.count(step.view) != 0) return false;
  return contains(rules_.mounts, step.choice) && !isInUserNamespace();
}

// Only of files that are new: the blocks of the others are broken, and a copy may share them. Not
// of empty ones, for which nothing is done.
bool World::canCopy(const Description& from, const Description& to) const {
  const OpenMode &reading = openModes()[from.mode], &writing = openModes()[to.mode];
  return &from != &to && from.has_data && isNew(from.target) && isNew(to.target) &&
         views_.at(from.view).is_overlay == views_.at(to.view).is_overlay && reading.reads &&
         writing.writes && ((reading.flags | writing.flags) & (O_DIRECT | O_APPEND)) == 0;
}

bool World::isWrittenByNobody() const {
  return prepared_.empty() && std::ranges::none_of(descriptions_, [](const auto& entry) {
           const Description& open = entry.second;
           return openModes()[open.mode].writes || hasNoName(open.target);
         });
}

bool World::isInUserNamespace() const {
  return std::ranges::any_of(views_, [](const auto& entry) {
    return entry.second.in_user_namespace && !entry.second.gone;
  });
}

bool World::possible(const Step& step) const {
  const auto view = views_.find(step.view);
  const bool mounted = view != views_.end() && view->second.mounted;
  const auto file = files_.find(step.file);
  const bool opened = file != files_.end();
  const Description* description = opened ? &descriptions_.at(file->second) : nullptr;
  const bool is_new = !opened && prepared_.count(step.file) == 0;
  if (broken_ && !isPossibleUnderFault(step)) return false;
  if (hasCaller(step.verb) && (step.choice < 0 || step.choice >= kCallers)) return false;
  switch (step.verb) {
    case Verb::open:
      return mounted && is_new && canBeOpened(step, view->second);
    case Verb::duplicate:
    case Verb::pass:
      return is_new && files_.count(step.from) != 0;
    case Verb::close:
    case Verb::stat:
    case Verb::syncfs:
    case Verb::syncfs_in_child:
      return opened;
    case Verb::syncfs_on_read_only:
      return opened && isWrittenByNobody();
    case Verb::fsync:
    case Verb::fdatasync:
      return opened && (isRegular(description->target) || model::isDirectory(description->target) ||
                        description->target == Target::path_only);
    case Verb::read:
    case Verb::write:
      return opened && description->target != Target::fifo;
    case Verb::write_and_sync:
      return opened && isUpperFile(description->target);
    case Verb::map:
      return opened && isRegular(description->target);
    case Verb::store_and_msync:
      return opened && isUpperFile(description->target) && !isNew(description->target) &&
             openModes()[description->mode].reads && openModes()[description->mode].writes;
    case Verb::copy: {
      const auto from = files_.find(step.from);
      return opened && from != files_.end() &&
             canCopy(descriptions_.at(from->second), *description);
    }
    case Verb::ring_fsync:
      return opened && rules_.rings && isRegular(description->target);
    case Verb::ring_read:
    case Verb::ring_write:
      // Older kernels do not wait for the disk if the file is open with O_NONBLOCK.
      return opened && rules_.rings && isRegular(description->target) &&
             (openModes()[description->mode].flags & (O_DIRECT | O_NONBLOCK)) == 0;
    case Verb::change:
      return mounted && is_new && step.choice < rules_.changes &&
             (step.choice != kCopyUp || view->second.is_overlay);
    case Verb::look_up:
      return mounted && is_new;
    case Verb::inspect:
      return mounted;
    case Verb::prepare:
      return mounted && is_new && rules_.failstop && step.choice < rules_.operations &&
             view->second.is_volatile && !view->second.read_only && !hasFailed(view->second) &&
             !view->second.in_user_namespace &&
             std::ranges::find(operations_, std::pair(step.view, step.choice)) == operations_.end();
    case Verb::call: {
      const auto prepared = prepared_.find(step.file);
      if (prepared == prepared_.end()) return false;
      const View& on = views_.at(prepared->second);  // which may have no path any more
      return on.mounted && hasFailed(on);
    }
    case Verb::drop:
      return prepared_.count(step.file) != 0;
    case Verb::lose:
      return canLose(step);
    case Verb::sync_loses:
      return rules_.quiet_disk && canLose(step);
    case Verb::syncfs_loses: {
      if (!opened || !rules_.quiet_disk || description->target == Target::path_only) return false;
      const View& on = views_.at(description->view);
      return canLose(step) && !on.is_volatile && !on.read_only;
    }
    case Verb::fsync_loses:
    case Verb::write_loses: {
      if (!opened || !rules_.quiet_disk || !canLose(step) || description->view != step.view) {
        return false;
      }
      const OpenMode& mode = openModes()[description->mode];
      const bool can_call =
          step.verb == Verb::fsync_loses || (mode.writes && (mode.flags & O_DIRECT) == 0);
      return can_call && named(description->target) == step.target && !view->second.is_volatile;
    }
    case Verb::fault:
      return is_new && rules_.quiet_disk && canLose(step);
    case Verb::write_under_fault:
      return broken_ && canWriteUnderFault(step);
    case Verb::heal:
      return broken_ && broken_->fault == step.file;
    case Verb::freeze:
    case Verb::sync:
      return true;
    case Verb::drop_caches:
      // An inode that is evicted takes the error of its file along.
      return std::ranges::all_of(written_, [](const auto& entry) {
        return entry.second.error() == 0 || entry.second.seen();
      });
    case Verb::mount:
      return canMount(step);
    case Verb::mount_again: {
      const auto from = views_.find(step.from);
      if (from == views_.end() || !from->second.gone) return false;
      // Only series C knows.
      if (!rules_.reuse && mountMode(step).is_volatile) return false;
      return canMount(step) && mountMode(step).fitsAnyLayers() &&
             layers_.at(from->second.layers).fit_any_mount &&
             layers_.at(from->second.layers).lowers == mountMode(step).lowers &&
             std::ranges::none_of(views_, [&](const auto& entry) {
               return entry.second.is_overlay && !entry.second.gone &&
                      entry.second.layers == from->second.layers;
             });
    }
    case Verb::unmount:
      return mounted && step.view > kSubject && !uses(step.view) &&
             view->second.in_user_namespace == isInUserNamespace();
    case Verb::detach:
      return mounted && step.view > kSubject && uses(step.view) && !isInUserNamespace();
    case Verb::remount_read_only:
      return mounted && step.view >= kSubject && !view->second.read_only &&
             !view->second.in_user_namespace &&
             std::ranges::none_of(prepared_,
                                  [&](const auto& entry) { return entry.second == step.view; }) &&
             std::ranges::none_of(descriptions_, [&](const auto& entry) {
               const Description& open = entry.second;
               return open.view == step.view &&
                      (openModes()[open.mode].writes || hasNoName(open.target) ||
                       open.target == Target::fifo || open.target == Target::device);
             });
    case Verb::remount_writable:
      return mounted && step.view >= kSubject && view->second.read_only &&
             !view->second.in_user_namespace;
  }
  return false;
}

}  // namespace model
