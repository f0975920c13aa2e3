// SPDX-License-Identifier: GPL-2.0-only
#include "model/candidates.h"

#include <array>
#include <numeric>
#include <utility>

namespace model {
namespace {

constexpr std::size_t kMostViews = 5;  // mounted at a time
constexpr std::size_t kMostFiles = 12;

class Collector {
 public:
  Collector(const World& world, Verb verb) : world_(world), verb_(verb) {}

  void add(const Step& step) {
    if (step.verb == verb_ && world_.possible(step)) steps_.push_back(step);
  }
  std::vector<Step> take() { return std::move(steps_); }

 private:
  const World& world_;
  Verb verb_;
  std::vector<Step> steps_;
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
      for (const Verb verb : {Verb::lose, Verb::sync_loses}) {
        to.add({.verb = verb, .view = view, .target = target, .choice = loss});
      }
      to.add({.verb = Verb::fault, .view = view, .file = next, .target = target, .choice = loss});
      for (const int file : world.files()) {
        for (const Verb verb : {Verb::syncfs_loses, Verb::fsync_loses, Verb::write_loses}) {
          to.add({.verb = verb, .view = view, .file = file, .target = target, .choice = loss});
        }
      }
    }
  }
  for (const Target target : {Target::data, Target::other}) {
    to.add({.verb = Verb::write_under_fault, .view = view, .target = target});
  }
  for (int change = 0; change < world.rules().changes; ++change) {
    to.add({.verb = Verb::change, .view = view, .file = next, .choice = change});
  }
  to.add({.verb = Verb::look_up, .view = view, .file = next});
  for (const Verb verb : {Verb::inspect, Verb::unmount, Verb::detach, Verb::remount_read_only,
                          Verb::remount_writable}) {
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

using Weights = std::array<unsigned, kVerbs>;

constexpr Weights weightsFor(bool reuse) {
  Weights weights{};
  weights.fill(4);
  const auto set = [&](Verb of, unsigned value) { weights[static_cast<int>(of)] = value; };
  set(Verb::open, 28);
  set(Verb::syncfs, 32);
  set(Verb::lose, 9);
  set(Verb::fsync, 8);
  set(Verb::write, 8);
  set(Verb::read, 6);
  set(Verb::stat, 3);
  set(Verb::close, 8);
  set(Verb::prepare, 6);
  set(Verb::call, 16);
  set(Verb::mount, 8);
  set(Verb::mount_again, 8);
  set(Verb::unmount, 10);
  set(Verb::detach, 2);
  set(Verb::syncfs_in_child, 2);
  set(Verb::syncfs_on_read_only, 2);
  set(Verb::sync_loses, 1);
  set(Verb::syncfs_loses, 2);
  set(Verb::fsync_loses, 2);
  set(Verb::write_loses, 2);
  set(Verb::inspect, 2);
  set(Verb::fault, 3);
  set(Verb::write_under_fault, 10);
  set(Verb::heal, 12);
  set(Verb::change, 16);
  set(Verb::copy, 16);
  set(Verb::store_and_msync, 6);
  set(Verb::freeze, 1);
  set(Verb::sync, 1);
  set(Verb::drop_caches, 1);
  if (reuse) {  // a loss ends most of what can be used again
    set(Verb::lose, 3);
    set(Verb::fault, 1);
    set(Verb::mount_again, 32);
    set(Verb::unmount, 24);
  }
  return weights;
}

const Weights& weightsOf(const World& world) {
  static constexpr Weights kUsual = weightsFor(false), kReuse = weightsFor(true);
  return world.rules().reuse ? kReuse : kUsual;
}

}  // namespace

std::vector<Step> candidates(const World& world, Verb verb) {
  Collector collector(world, verb);
  for (const int view : world.views()) addOnView(collector, world, view);
  for (const int file : world.files()) {
    for (const Verb each :
         {Verb::close, Verb::syncfs, Verb::syncfs_in_child, Verb::syncfs_on_read_only, Verb::fsync,
          Verb::fdatasync, Verb::stat, Verb::read, Verb::write, Verb::write_and_sync, Verb::map,
          Verb::store_and_msync, Verb::ring_read, Verb::ring_write, Verb::ring_fsync}) {
      for (int caller = 0; caller < (hasCaller(each) ? kCallers : 1); ++caller) {
        collector.add({.verb = each, .file = file, .choice = caller});
      }
    }
    for (const int from : world.files()) {
      collector.add({.verb = Verb::copy, .file = file, .from = from});
    }
    if (world.files().size() >= kMostFiles) continue;
    for (int way = 0; way < static_cast<int>(kDuplications.size()); ++way) {
      collector.add(
          {.verb = Verb::duplicate, .file = world.nextFile(), .from = file, .choice = way});
    }
    collector.add({.verb = Verb::pass, .file = world.nextFile(), .from = file});
  }
  for (const int call : world.preparedCalls()) {
    for (const Verb each : {Verb::call, Verb::drop}) collector.add({.verb = each, .file = call});
  }
  if (const auto fault = world.fault()) collector.add({.verb = Verb::heal, .file = *fault});
  addMounts(collector, world);
  collector.add({.verb = Verb::sync});
  collector.add({.verb = Verb::freeze});
  collector.add({.verb = Verb::drop_caches});
  return collector.take();
}

unsigned totalWeight(const World& world) {
  const Weights& weights = weightsOf(world);
  return std::accumulate(weights.begin(), weights.end(), 0U);
}

Verb verbAt(const World& world, unsigned place) {
  const Weights& weights = weightsOf(world);
  int verb = 0;
  for (; place >= weights[verb]; ++verb) place -= weights[verb];
  return static_cast<Verb>(verb);
}

}  // namespace model
