// SPDX-License-Identifier: GPL-2.0-only
// The model of the world: what it expects in known histories.
#include "model/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "conformance/explore/sequence.h"
#include "model/candidates.h"
#include "tests/model/all_rules.h"

namespace {

using conformance::generate;
using conformance::Sequence;
using conformance::shrink;
using model::Rules;
using model::Step;
using model::Verb;
using model::World;

int mountModeOf(const std::string& text) {
  const auto& modes = model::mountModes();
  const auto found =
      std::ranges::find_if(modes, [&](const auto& mode) { return mode.text == text; });
  return static_cast<int>(found - modes.begin());
}

constexpr Step kOpen{.verb = Verb::open, .view = model::kSubject, .file = 1};
constexpr Step kLose{.verb = Verb::lose, .view = model::kBare};
constexpr Step kSyncfs{.verb = Verb::syncfs, .file = 1};

std::vector<int> answersTo(World world, const Sequence& steps) {
  std::vector<int> errors;
  for (const Step& step : steps) {
    EXPECT_TRUE(world.possible(step));
    const model::Answer answer = world.apply(step);
    EXPECT_EQ(answer.errors.size(), 1U) << "it is not said what is right";
    errors.push_back(answer.errors.front());
  }
  return errors;
}

TEST(World, AnOverlayReportsAnErrorOnce) {
  EXPECT_EQ(answersTo(World(allRules(), false), {kOpen, kLose, kSyncfs, kSyncfs}),
            (std::vector{0, 0, EIO, 0}));
}

TEST(World, AVolatileOverlayFailsForGood) {
  const Step read{.verb = Verb::read, .file = 1};
  EXPECT_EQ(answersTo(World(allRules(), true), {kOpen, read, kLose, read, kSyncfs, kSyncfs}),
            (std::vector{0, 0, 0, EIO, EIO, EIO}));
}

TEST(World, WithoutSeriesAAnOverlaySeesNoError) {
  Rules rules = allRules();
  rules.reports = false;
  const Step open_bare{.verb = Verb::open, .view = model::kBare, .file = 2};
  const Step see{.verb = Verb::syncfs, .file = 2};
  EXPECT_EQ(answersTo(World(rules, false), {kOpen, open_bare, kLose, kSyncfs, see}),
            (std::vector{0, 0, 0, 0, EIO}));
}

TEST(World, WithoutSeriesBOnlySyncsFail) {
  Rules rules = allRules();
  rules.failstop = false;
  const Step read{.verb = Verb::read, .file = 1};
  EXPECT_EQ(answersTo(World(rules, true), {kOpen, kLose, read, kSyncfs}),
            (std::vector{0, 0, 0, EIO}));
}

TEST(World, AVolatileUpperIsUsedAgainUnlessItLostSomething) {
  const int is_volatile = mountModeOf("volatile");
  const Step mount{.verb = Verb::mount, .view = 2, .choice = is_volatile};
  const Step unmount{.verb = Verb::unmount, .view = 2};
  const Step again{.verb = Verb::mount_again, .view = 3, .from = 2, .choice = is_volatile};
  const Step see{.verb = Verb::syncfs, .file = 1};
  const Step open_bare{.verb = Verb::open, .view = model::kBare, .file = 1};
  EXPECT_EQ(answersTo(World(allRules(), false), {mount, unmount, again}), (std::vector{0, 0, 0}));
  EXPECT_EQ(answersTo(World(allRules(), false), {mount, unmount, kLose, again}).back(), EIO);
  EXPECT_EQ(
      answersTo(World(allRules(), false), {open_bare, mount, unmount, kLose, see, again}).back(),
      EINVAL);
}

constexpr Step kFault{.verb = Verb::fault, .view = model::kBare, .file = 5};
constexpr Step kHeal{.verb = Verb::heal, .file = 5};

TEST(World, AFaultThatLastsFailsTheNextWriteback) {
  const Step again{.verb = Verb::write_under_fault, .view = model::kSubject};
  EXPECT_EQ(
      answersTo(World(allRules(), false), {kOpen, kFault, kSyncfs, kSyncfs, again, kSyncfs, kHeal}),
      (std::vector{0, 0, EIO, 0, 0, EIO, 0}));
  EXPECT_EQ(answersTo(World(allRules(), false), {kOpen, kFault, kHeal, kSyncfs}),
            (std::vector{0, 0, 0, 0}));
}

TEST(World, AMountThatGoesWritesBack) {
  const Step mount{.verb = Verb::mount, .view = 2}, unmount{.verb = Verb::unmount, .view = 2};
  EXPECT_EQ(answersTo(World(allRules(), false), {kOpen, mount, kFault, unmount, kSyncfs}).back(),
            EIO);
}

TEST(World, AVolatileOverlayWritesNothingBack) {
  const Step see{.verb = Verb::syncfs, .file = 2};
  const Step open_bare{.verb = Verb::open, .view = model::kBare, .file = 2};
  EXPECT_EQ(
      answersTo(World(allRules(), true), {kOpen, open_bare, kFault, kSyncfs, see, kSyncfs, kHeal}),
      (std::vector{0, 0, 0, 0, EIO, EIO, 0}));
}

// They may miss the part of the file that cannot be written.
TEST(World, UnderAFaultNothingIsDoneWhoseAnswerIsNotKnown) {
  World world(allRules(), false);
  const Step open{.verb = Verb::open, .view = model::kSubject, .file = 1, .choice = 1};
  const Step write{.verb = Verb::write, .file = 1};
  const Step sync{.verb = Verb::write_and_sync, .file = 1};
  answersTo(world, {open, write, sync});
  for (const Step& step : {open, kFault}) world.apply(step);
  EXPECT_TRUE(world.possible(write));
  EXPECT_FALSE(world.possible(sync));
  EXPECT_FALSE(world.possible(kLose));
  world.apply(kSyncfs);
  EXPECT_FALSE(world.possible(write));
  world.apply(kHeal);
  EXPECT_TRUE(world.possible(sync));
}

// Every step that is offered can be taken, whatever came before.
TEST(World, OffersOnlyWhatIsPossible) {
  std::set<Verb> taken;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    World world(allRules(), seed % 2 == 0);
    for (const Step& step : generate(world, seed, 300)) {
      ASSERT_TRUE(world.possible(step));
      EXPECT_FALSE(world.apply(step).errors.empty());
      taken.insert(step.verb);
    }
  }
  for (int verb = 0; verb < model::kVerbs; ++verb) {
    EXPECT_EQ(taken.count(static_cast<Verb>(verb)), 1U) << verb << " was never possible";
  }
}

TEST(World, ARemountToReadOnlyWritesWhatIsDirty) {
  World world(allRules(), false);
  const Step open{.verb = Verb::open, .view = model::kSubject, .file = 1, .choice = 1};
  for (const Step& step :
       {open, Step{.verb = Verb::write, .file = 1}, Step{.verb = Verb::close, .file = 1}}) {
    world.apply(step);
  }
  const Step remount{.verb = Verb::remount_read_only, .view = model::kSubject};
  EXPECT_EQ(world.apply(remount).disk, model::Answer::Disk::is_written);
}

TEST(World, AMountSaysOnceThatItFailed) {
  World world(allRules(), true);
  const Step read{.verb = Verb::read, .file = 1};
  for (const Step& step : {kOpen, kLose, read, read, kSyncfs}) world.apply(step);
  EXPECT_FALSE(world.isRightNumberOfFailures(0));
  EXPECT_TRUE(world.isRightNumberOfFailures(1));
  EXPECT_FALSE(world.isRightNumberOfFailures(2));
}

// A prepared call may hold a file or only a path, with which a detached mount has gone at once.
TEST(World, WhatOnlyAPreparedCallUsesMayHaveGoneBeforeTheError) {
  const Step mount{.verb = Verb::mount, .view = 2, .choice = mountModeOf("volatile")};
  const Step open{.verb = Verb::open, .view = 2, .file = 1};
  const Step prepare{.verb = Verb::prepare, .view = 2, .file = 2};
  const Step detach{.verb = Verb::detach, .view = 2};
  const Step close{.verb = Verb::close, .file = 1}, drop{.verb = Verb::drop, .file = 2};
  for (const Sequence& steps : {Sequence{mount, prepare, detach, kLose, drop},
                                Sequence{mount, open, prepare, detach, close, kLose, drop}}) {
    World world(allRules(), false);
    answersTo(world, steps);
    for (const Step& step : steps) world.apply(step);
    EXPECT_TRUE(world.isRightNumberOfFailures(0));
    EXPECT_TRUE(world.isRightNumberOfFailures(1));
    EXPECT_FALSE(world.isRightNumberOfFailures(2));
  }
}

TEST(World, ALookupAsksALayer) {
  const Step look_up{.verb = Verb::look_up, .view = model::kSubject, .file = 3};
  const Step inspect{.verb = Verb::inspect, .view = model::kSubject};
  EXPECT_EQ(answersTo(World(allRules(), true), {look_up, kLose, look_up, inspect}),
            (std::vector{ENOENT, 0, EIO, 0}));
}

// A mount may follow an error that its file has not reported yet.
TEST(World, AFileThatIsOpenForSynchronousWritesHasItsOwnError) {
  const Step bare{.verb = Verb::open, .view = model::kBare, .file = 1};
  const Step mount{.verb = Verb::mount, .view = 2};
  const Step lose{.verb = Verb::sync_loses, .view = 2};
  const Step again{
      .verb = Verb::mount_again, .view = 3, .from = 2, .choice = mountModeOf("volatile")};
  const Step open{.verb = Verb::open, .view = 3, .file = 2, .choice = 5};
  EXPECT_EQ(answersTo(World(allRules(), false), {bare,
                                                 mount,
                                                 lose,
                                                 kSyncfs,
                                                 {.verb = Verb::unmount, .view = 2},
                                                 again,
                                                 open,
                                                 {.verb = Verb::write, .file = 2},
                                                 {.verb = Verb::write, .file = 2}}),
            (std::vector{0, 0, 0, EIO, 0, 0, 0, EIO, 0}));
}

TEST(Sequence, IsTheSameForASeed) {
  const World world(allRules(), true);
  EXPECT_EQ(generate(world, 7, 100), generate(world, 7, 100));
  EXPECT_NE(generate(world, 7, 100), generate(world, 8, 100));
}

TEST(Sequence, ShrinksToWhatIsNeeded) {
  const World world(allRules(), false);
  // As a kernel without series A does it: any error on the overlay is missed.
  const auto fails = [&](const Sequence& sequence) {
    World expected = world;
    for (const Step& step : sequence) {
      if (!expected.possible(step)) return false;
      const bool on_overlay = step.verb == Verb::syncfs;
      if (expected.apply(step).errors.front() == EIO && on_overlay) return true;
    }
    return false;
  };
  std::uint64_t seed = 1;
  while (!fails(generate(world, seed, 300))) ++seed;
  EXPECT_LE(shrink(world, generate(world, seed, 300), fails, 2000).size(), 3U);
}

}  // namespace
