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
  if (target == Target::data || target == Target::other) return (how.flags & O_APPEND) == 0;
  return isUpperFile(target) || mode == 0;
}

const MountMode& mountMode(const Step& step) {
  return mountModes().at(step.choice);
}

// Metacopies and redirects that one mount has left confuse the next one without the option.
bool fitsAnyLayers(const MountMode& mode) {
  const std::string text = mode.text;
  return text.find("metacopy") == std::string::npos && text.find("redirect") == std::string::npos;
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

bool World::isDirectory(int file) const {
  return files_.count(file) != 0 && model::isDirectory(descriptionOf(file).target);
}

bool World::hasFailed(const View& view) const {
  return view.is_volatile && upper_.check(view.sample) != 0;
}

bool World::uses(int view) const {
  return std::ranges::any_of(descriptions_,
                             [=](const auto& entry) { return entry.second.view == view; }) ||
         std::ranges::any_of(prepared_, [=](const auto& entry) { return entry.second == view; });
}

bool World::canBeOpened(const Step& step, const View& view) const {
  if (!modeFits(step.target, step.choice)) return false;
  switch (step.target) {
    case Target::lower_file:
      return view.is_overlay;
    case Target::temporary:
      return !view.is_overlay || rules_.temporary_files;
    case Target::fifo:
    case Target::device:
      return !view.read_only;
    case Target::path_only:  // the dentry cache may have lost the name, or not
      return !(rules_.failstop && hasFailed(view));
    default:
      return true;
  }
}

bool World::canMount(const Step& step) const {
  if (step.view != next_view_ && views_.count(step.view) != 0) return false;
  return contains(rules_.mounts, step.choice);
}

bool World::possible(const Step& step) const {
  const auto view = views_.find(step.view);
  const bool mounted = view != views_.end() && view->second.mounted;
  const auto file = files_.find(step.file);
  const bool opened = file != files_.end();
  const Description* description = opened ? &descriptions_.at(file->second) : nullptr;
  const bool is_new = !opened && prepared_.count(step.file) == 0;
  switch (step.verb) {
    case Verb::open:
      return mounted && is_new && canBeOpened(step, view->second);
    case Verb::duplicate:
    case Verb::pass:
      return is_new && files_.count(step.from) != 0;
    case Verb::close:
    case Verb::syncfs:
      return opened;
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
    case Verb::prepare:
      return mounted && is_new && rules_.failstop && step.choice < rules_.operations &&
             view->second.is_volatile && !view->second.read_only && !hasFailed(view->second) &&
             std::ranges::find(operations_, std::pair(step.view, step.choice)) == operations_.end();
    case Verb::call: {
      const auto prepared = prepared_.find(step.file);
      if (prepared == prepared_.end()) return false;
      const View& on = views_.at(prepared->second);  // which may have no path any more
      return on.mounted && hasFailed(on);
    }
    case Verb::lose:
      return mounted && (step.target == Target::data || step.target == Target::other) &&
             contains(rules_.losses, step.choice) && !view->second.read_only &&
             !(rules_.failstop && hasFailed(view->second));
    case Verb::sync:
    case Verb::drop_caches:
      return true;
    case Verb::mount:
      return canMount(step);
    case Verb::mount_again: {
      const auto from = views_.find(step.from);
      if (from == views_.end() || !from->second.gone) return false;
      // Only series C knows.
      if (!rules_.reuse && mountMode(step).is_volatile) return false;
      return canMount(step) && fitsAnyLayers(mountMode(step)) &&
             std::ranges::none_of(views_, [&](const auto& entry) {
               return entry.second.is_overlay && !entry.second.gone &&
                      entry.second.layers == from->second.layers;
             });
    }
    case Verb::unmount:
      return mounted && step.view > kSubject && !uses(step.view);
    case Verb::detach:
      return mounted && step.view > kSubject && uses(step.view);
    case Verb::remount_read_only:
      return mounted && step.view >= kSubject && !view->second.read_only &&
             std::ranges::none_of(prepared_,
                                  [&](const auto& entry) { return entry.second == step.view; }) &&
             std::ranges::none_of(descriptions_, [&](const auto& entry) {
               const Description& open = entry.second;
               return open.view == step.view &&
                      (openModes()[open.mode].writes || hasNoName(open.target) ||
                       open.target == Target::fifo || open.target == Target::device);
             });
    case Verb::remount_writable:
      return mounted && step.view >= kSubject && view->second.read_only;
  }
  return false;
}

}  // namespace model
