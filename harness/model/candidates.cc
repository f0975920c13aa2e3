// SPDX-License-Identifier: GPL-2.0-only
#include "model/candidates.h"

#include <array>

namespace model {
namespace {

constexpr std::size_t kMostViews = 5;  // mounted at a time
constexpr std::size_t kMostFiles = 12;

class Collector {
 public:
  explicit Collector(const World& world) : world_(world) {}

  void add(const Step& step) {
    if (world_.possible(step)) steps_[step.verb].push_back(step);
  }
  std::map<Verb, std::vector<Step>> take() { return std::move(steps_); }

 private:
  const World& world_;
  std::map<Verb, std::vector<Step>> steps_;
};

void addOnView(Collector& to, const World& world, int view) {
  const int next = world.nextFile();
  if (world.files().size() < kMostFiles) {
    for (int target = 0; target < kTargets; ++target) {
      for (int mode = 0; mode < static_cast<int>(openModes().size()); ++mode) {
        to.add({.verb = Verb::open,
                .view = view,
                .file = next,
                .target = static_cast<Target>(target),
                .choice = mode});
      }
    }
  }
  for (int operation = 0; operation < world.rules().operations; ++operation) {
    to.add({.verb = Verb::prepare, .view = view, .file = next, .choice = operation});
  }
  for (const int loss : world.rules().losses) {
    for (const Target target : {Target::data, Target::other}) {
      to.add({.verb = Verb::lose, .view = view, .target = target, .choice = loss});
    }
  }
  for (const Verb verb :
       {Verb::unmount, Verb::detach, Verb::remount_read_only, Verb::remount_writable}) {
    to.add({.verb = verb, .view = view});
  }
}

void addMounts(Collector& to, const World& world) {
  if (world.views().size() >= kMostViews) return;
  const int next = world.nextView();
  for (const int mode : world.rules().mounts) {
    to.add({.verb = Verb::mount, .view = next, .choice = mode});
    for (const int from : world.goneViews()) {
      to.add({.verb = Verb::mount_again, .view = next, .from = from, .choice = mode});
    }
  }
}

}  // namespace

std::map<Verb, std::vector<Step>> candidates(const World& world) {
  Collector collector(world);
  for (const int view : world.views()) addOnView(collector, world, view);
  for (const int file : world.files()) {
    for (const Verb verb : {Verb::close, Verb::syncfs, Verb::fsync, Verb::fdatasync, Verb::read,
                            Verb::write, Verb::write_and_sync, Verb::map}) {
      collector.add({.verb = verb, .file = file});
    }
    if (world.files().size() >= kMostFiles) continue;
    for (const Verb verb : {Verb::duplicate, Verb::pass}) {
      collector.add({.verb = verb, .file = world.nextFile(), .from = file});
    }
  }
  for (const int call : world.preparedCalls()) collector.add({.verb = Verb::call, .file = call});
  addMounts(collector, world);
  collector.add({.verb = Verb::sync});
  collector.add({.verb = Verb::drop_caches});
  return collector.take();
}

unsigned weight(Verb verb) {
  static constexpr std::array<unsigned, kVerbs> kWeights = [] {
    std::array<unsigned, kVerbs> weights{};
    weights.fill(4);
    const auto set = [&](Verb of, unsigned value) { weights[static_cast<int>(of)] = value; };
    set(Verb::open, 24);
    set(Verb::syncfs, 32);
    set(Verb::lose, 12);
    set(Verb::fsync, 8);
    set(Verb::write, 8);
    set(Verb::read, 6);
    set(Verb::close, 8);
    set(Verb::prepare, 6);
    set(Verb::call, 16);
    set(Verb::mount, 4);
    set(Verb::mount_again, 8);
    set(Verb::unmount, 6);
    set(Verb::detach, 2);
    set(Verb::sync, 1);
    set(Verb::drop_caches, 1);
    return weights;
  }();
  return kWeights[static_cast<int>(verb)];
}

}  // namespace model
