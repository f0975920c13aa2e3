// SPDX-License-Identifier: GPL-2.0-only
// Which pairs there can be: tried in the model, with each way to mount and to open.
#include "model/world.h"

namespace model {
namespace {

// Numbers in steps.
constexpr int kView = 2, kNextView = 3;
constexpr int kFile = 1, kOther = 2, kFinder = 3, kSource = 4;

// What happens before a mount, between it and an open, and after the open.
enum class Happens : std::uint8_t { nothing, lost, lost_and_seen };

void happen(World& world, Happens what) {
  if (what == Happens::nothing) return;
  const Step open{.verb = Verb::open, .view = kBare, .file = kOther};
  const Step see{.verb = Verb::syncfs, .file = kOther}, close{.verb = Verb::close, .file = kOther};
  if (what == Happens::lost_and_seen) world.apply(open);
  world.apply({.verb = Verb::lose, .view = kBare, .choice = world.rules().losses.front()});
  if (what != Happens::lost_and_seen) return;
  world.apply(see);
  world.apply(close);
}

class Enumeration {
 public:
  Enumeration(const Rules& rules, bool subject_is_volatile) : start_(rules, subject_is_volatile) {}

  Pairs run() {
    if (start_.rules().losses.empty()) return {};
    for (const Happens first : kAll) {
      World world = start_;
      happen(world, first);
      onView(world, kBare);
      onView(world, kSubject);
      for (const int mode : start_.rules().mounts) {
        World mounted = world;
        if (mounted.apply({.verb = Verb::mount, .view = kView, .choice = mode}).allows(0)) {
          onView(mounted, kView);
          onMountAgain(mounted);
        }
      }
    }
    return pairs_;
  }

 private:
  static constexpr Happens kAll[] = {Happens::nothing, Happens::lost, Happens::lost_and_seen};

  void onMountAgain(World world) {
    const Step unmount{.verb = Verb::unmount, .view = kView};
    note(world, unmount);
    world.apply(unmount);
    for (const Happens meanwhile : kAll) {
      World after = world;
      happen(after, meanwhile);
      for (const int mode : world.rules().mounts) {
        note(after, {.verb = Verb::mount, .view = kNextView, .choice = mode});
        note(after, {.verb = Verb::mount_again, .view = kNextView, .from = kView, .choice = mode});
      }
    }
  }

  void onPreparedCall(World world, int view) {
    const Step prepare{.verb = Verb::prepare, .view = view, .file = kFile};
    if (!world.possible(prepare)) return;
    world.apply(prepare);
    happen(world, Happens::lost);
    const Step call{.verb = Verb::call, .file = kFile};
    note(world, call);
    if (!world.possible(call)) return;
    world.apply(call);
    note(world, call);
  }

  // As it was mounted, and remounted once or twice.
  void onView(World world, int view) {
    onMount(world, view);
    for (const Verb verb :
         {Verb::remount_writable, Verb::remount_read_only, Verb::remount_writable}) {
      const Step remount{.verb = verb, .view = view};
      if (!world.possible(remount)) continue;
      world.apply(remount);
      onMount(world, view);
    }
  }

  void onMount(const World& mounted, int view) {
    for (const Happens before : kAll) {
      World world = mounted;
      happen(world, before);
      meanwhile(world, view);
      onPreparedCall(world, view);
      onOpens(world, view);
    }
    World found = mounted;
    openOthers(found, view);
    happen(found, Happens::lost);
    if (found.possible(syncfsOf(kFinder))) found.apply(syncfsOf(kFinder));
    closeOthers(found);
    onOpens(found, view);
  }

  void onOpens(const World& world, int view) {
    for (int target = 0; target < kTargets; ++target) {
      for (int mode = 0; mode < static_cast<int>(openModes().size()); ++mode) {
        onOpen(world, {.verb = Verb::open,
                       .view = view,
                       .file = kFile,
                       .target = static_cast<Target>(target),
                       .choice = mode});
      }
    }
  }

  void onOpen(const World& before, const Step& open) {
    if (!before.possible(open)) return;
    note(before, open);
    World opened = before;
    if (!opened.apply(open).allows(0)) return;
    meanwhile(opened, open.view);
    // Any other file can be opened on a read-only mount, or keeps it from becoming one, or behaves
    // as one that is opened there.
    const Step remount{.verb = Verb::remount_read_only, .view = open.view};
    if (open.target != Target::renamed_directory || !opened.possible(remount)) return;
    opened.apply(remount);
    meanwhile(opened, open.view);
  }

  // Whatever else happens, with and without other files of the same mount.
  void meanwhile(const World& before, int view) {
    for (const Happens after : kAll) {
      World alone = before;
      happen(alone, after);
      count(alone, view);
      if (alone.possible(syncfsOf(kFile))) {
        alone.apply(syncfsOf(kFile));
        count(alone, view);
      }
      World together = before;
      openOthers(together, view);
      happen(together, after);
      count(together, view);
      for (const int caller : {kFinder, kFile}) {
        if (together.possible(syncfsOf(caller))) together.apply(syncfsOf(caller));
        count(together, view);
      }
      closeOthers(together);
      count(together, view);
    }
  }

  static Step syncfsOf(int file) { return {.verb = Verb::syncfs, .file = file}; }

  // One that finds a failure, and one to copy from.
  static void openOthers(World& world, int view) {
    const Step finder{.verb = Verb::open, .view = view, .file = kFinder, .target = Target::root};
    const Step source{
        .verb = Verb::open, .view = view, .file = kSource, .target = Target::created, .choice = 1};
    if (world.possible(finder)) world.apply(finder);
    if (!world.possible(source) || !world.apply(source).allows(0)) return;
    world.apply({.verb = Verb::write, .file = kSource});
  }

  static void closeOthers(World& world) {
    for (const int other : {kFinder, kSource}) {
      const Step close{.verb = Verb::close, .file = other};
      if (world.possible(close)) world.apply(close);
    }
  }

  // All calls on the file and on the view.
  void count(const World& world, int view) {
    for (int verb = 0; verb < kVerbs; ++verb) {
      const auto what = static_cast<Verb>(verb);
      if (what == Verb::change || what == Verb::open || what == Verb::mount ||
          what == Verb::mount_again) {
        continue;
      }
      note(world, {.verb = what, .view = view, .file = kFile, .from = kSource});
      if (hasCaller(what)) note(world, {.verb = what, .file = kFile, .choice = 1});
      // What is lost is on a view that has not failed.
      note(world, {.verb = what, .view = kBare, .file = kFile});
      note(world, {.verb = what, .view = view, .file = kFile, .target = Target::other});
    }
    note(world, {.verb = Verb::look_up, .view = view, .file = kOther});
    for (int change = 0; change < world.rules().changes; ++change) {
      note(world, {.verb = Verb::change, .view = view, .file = kOther, .choice = change});
    }
  }

  void note(const World& world, const Step& step) {
    if (!world.possible(step)) return;
    if (const auto circumstance = world.circumstanceOf(step)) add(pairs_, *circumstance);
  }

  World start_;
  Pairs pairs_;
};

}  // namespace

Pairs possiblePairs(const Rules& rules, bool subject_is_volatile) {
  return Enumeration(rules, subject_is_volatile).run();
}

}  // namespace model
