// SPDX-License-Identifier: GPL-2.0-only
#include "model/circumstance.h"

#include <gtest/gtest.h>

#include "conformance/explore/sequence.h"
#include "model/world.h"
#include "tests/model/all_rules.h"

namespace {

using model::Dimension;
using model::Pair;
using model::Pairs;
using model::Step;
using model::World;

// Takes seconds.
const Pairs& possiblePairs(bool is_volatile) {
  static const Pairs kPossible[] = {model::possiblePairs(allRules(), false),
                                    model::possiblePairs(allRules(), true)};
  return kPossible[is_volatile ? 1 : 0];
}

bool isPossible(Dimension first, int one, Dimension second, int other) {
  model::Circumstance circumstance;
  circumstance.set(first, one);
  circumstance.set(second, other);
  Pairs pair;
  model::add(pair, circumstance);
  return (possiblePairs(true) & pair).any();
}

TEST(Circumstance, HasAPairOfEachTwoDimensions) {
  model::Circumstance circumstance;
  circumstance.set(Dimension::option, 7);
  circumstance.set(Dimension::verb, 3);
  circumstance.set(Dimension::change, 5);
  Pairs pairs;
  model::add(pairs, circumstance);
  EXPECT_EQ(pairs.count(), 3U);
  std::size_t number = 0;
  while (!pairs.test(number)) ++number;
  const Pair first = model::pairOf(number);
  EXPECT_EQ(first.first, Dimension::option);
  EXPECT_EQ(first.second, Dimension::verb);
  EXPECT_EQ(first.first_value, 7);
  EXPECT_EQ(first.second_value, 3);
}

TEST(Circumstance, WhatTheModelRulesOutIsNotPossible) {
  const auto target = [](model::Target of) { return static_cast<int>(of); };
  const auto verb = [](model::Verb of) { return static_cast<int>(of); };
  EXPECT_TRUE(isPossible(Dimension::target, target(model::Target::data), Dimension::verb,
                         verb(model::Verb::fsync)));
  EXPECT_FALSE(isPossible(Dimension::target, target(model::Target::fifo), Dimension::verb,
                          verb(model::Verb::fsync)));
  EXPECT_FALSE(isPossible(Dimension::option, model::kBareOption, Dimension::history,
                          static_cast<int>(model::History::failed)));
}

// A pair that the model rules out by mistake would not be missed: whoever changes these numbers
// knows why.
TEST(Circumstance, SoManyPairsArePossible) {
  EXPECT_EQ(possiblePairs(false).count(), 2777U);
  EXPECT_EQ(possiblePairs(true).count(), 2772U);
}

// Otherwise more than all of them could be covered.
TEST(Circumstance, NoSequenceHasAnImpossiblePair) {
  for (const bool is_volatile : {false, true}) {
    const Pairs& possible = possiblePairs(is_volatile);
    Pairs seen;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      World world(allRules(), is_volatile);
      for (const Step& step : conformance::generate(world, seed, 300)) {
        if (const auto circumstance = world.circumstanceOf(step)) model::add(seen, *circumstance);
        world.apply(step);
      }
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (!seen.test(i) || possible.test(i)) continue;
      const Pair pair = model::pairOf(i);
      ADD_FAILURE() << static_cast<int>(pair.first) << ':' << pair.first_value << " and "
                    << static_cast<int>(pair.second) << ':' << pair.second_value;
    }
    EXPECT_GT(seen.count(), possible.count() / 2);
  }
}

}  // namespace
