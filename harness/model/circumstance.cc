// SPDX-License-Identifier: GPL-2.0-only
#include "model/circumstance.h"

#include "model/world.h"

namespace model {

void add(Pairs& pairs, const Circumstance& circumstance) {
  for (std::size_t first = 0; first < kDimensions; ++first) {
    for (std::size_t second = first + 1; second < kDimensions; ++second) {
      const int one = circumstance.values[first], other = circumstance.values[second];
      if (one == kDoesNotApply || other == kDoesNotApply) continue;
      pairs.set(((first * kDimensions + second) * kMostValues + static_cast<std::size_t>(one)) *
                    kMostValues +
                static_cast<std::size_t>(other));
    }
  }
}

Pair pairOf(std::size_t number) {
  const auto next = [&number](std::size_t values) {
    const std::size_t value = number % values;
    number /= values;
    return value;
  };
  Pair pair;
  pair.second_value = static_cast<int>(next(kMostValues));
  pair.first_value = static_cast<int>(next(kMostValues));
  pair.second = static_cast<Dimension>(next(kDimensions));
  pair.first = static_cast<Dimension>(number);
  return pair;
}

History World::historyOf(const View& view) const {
  if (view.is_volatile && hasFailed(view)) {
    return view.found ? History::failure_is_found : History::failed;
  }
  if (upper_.error() == 0) return History::nothing;
  return upper_.seen() ? History::opened_after : History::opened_late;
}

History World::historyOf(const Description& description) const {
  const View& view = views_.at(description.view);
  if (view.is_volatile) return historyOf(view);
  if (upper_.error() == 0) return History::nothing;
  if (upper_.check(description.syncfs) == 0) {
    return description.reported ? History::reported : History::opened_after;
  }
  if (description.late && !description.reported) return History::opened_late;
  return upper_.seen() ? History::seen_by_others : History::unseen;
}

std::optional<Circumstance> World::circumstanceOf(const Step& step) const {
  Circumstance circumstance;
  circumstance.set(Dimension::verb, step.verb);
  const auto on_view = [&](const View& view) {
    const bool remounted =
        view.read_only &&
        (view.option < kFirstModeOption || !mountModes()[view.option - kFirstModeOption].read_only);
    circumstance.set(Dimension::option, remounted ? kReadOnlyOption : view.option);
  };
  switch (step.verb) {
    case Verb::open:
      circumstance.set(Dimension::target, step.target);
      circumstance.set(Dimension::mode, step.choice);
      break;
    case Verb::call: {
      const View& view = views_.at(prepared_.at(step.file));
      on_view(view);
      circumstance.set(Dimension::history, historyOf(view));
      return circumstance;
    }
    case Verb::change:
      circumstance.set(Dimension::change, step.choice);
      break;
    case Verb::mount:
    case Verb::mount_again:
      circumstance.set(Dimension::option, kFirstModeOption + step.choice);
      if (upper_.error() != 0) {
        circumstance.set(Dimension::history,
                         upper_.seen() ? History::opened_after : History::opened_late);
      }
      return circumstance;
    case Verb::look_up:
    case Verb::inspect:
    case Verb::unmount:
    case Verb::detach:
    case Verb::remount_read_only:
    case Verb::remount_writable:
      break;
    // What is not under test: closing a file, passing it on, and what happens to the disk.
    case Verb::duplicate:
    case Verb::pass:
    case Verb::close:
    case Verb::prepare:
    case Verb::drop:
    case Verb::lose:
    case Verb::sync_loses:
    case Verb::fault:
    case Verb::write_under_fault:
    case Verb::heal:
    case Verb::sync:
    case Verb::freeze:
    case Verb::drop_caches:
      return std::nullopt;
    default: {
      const Description& description = descriptionOf(step.file);
      on_view(views_.at(description.view));
      circumstance.set(Dimension::target, description.target);
      circumstance.set(Dimension::mode, description.mode);
      circumstance.set(Dimension::history, historyOf(description));
      if (hasCaller(step.verb)) circumstance.set(Dimension::caller, step.choice);
      return circumstance;
    }
  }
  const View& view = views_.at(step.view);
  on_view(view);
  circumstance.set(Dimension::history, historyOf(view));
  return circumstance;
}

}  // namespace model
