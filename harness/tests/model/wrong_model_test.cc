// SPDX-License-Identifier: GPL-2.0-only
// A mistake in the model of the world is noticed in as many steps as a run takes.
#include <gtest/gtest.h>

#include <vector>

#include "conformance/explore/sequence.h"
#include "model/world.h"
#include "tests/model/all_rules.h"

namespace {

using conformance::generate;
using model::Rules;
using model::Step;
using model::Verb;
using model::World;

// Mistakes that a model could have, each by a step that it hides from one of two worlds, or by
// other rules.
struct WrongModel {
  const char* name;
  bool is_volatile;
  Rules rules;
  // Which steps the wrong world does not notice, or takes for others.
  Step (*seen)(const Step&);
};

Step asItIs(const Step& step) {
  return step;
}

const std::vector<WrongModel>& wrongModels() {
  static const std::vector<WrongModel> kWrong = [] {
    Rules no_failstop = allRules(), no_reports = allRules(), loud = allRules();
    no_failstop.failstop = false;
    no_reports.reports = false;
    loud.quiet_disk = false;
    const auto another_errno = [](const Step& step) {
      Step other = step;
      if (step.verb == Verb::lose) other.choice = step.choice == 2 ? 0 : 2;
      return other;
    };
    const auto every_file_its_cursor = [](const Step& step) {
      Step other = step;
      if (step.verb == Verb::duplicate || step.verb == Verb::pass) {
        other = {.verb = Verb::open, .view = model::kSubject, .file = step.file};
      }
      return other;
    };
    const auto no_syncs = [](const Step& step) {
      return step.verb == Verb::fsync ? Step{.verb = Verb::stat, .file = step.file} : step;
    };
    const auto no_writes = [](const Step& step) {
      return step.verb == Verb::write ? Step{.verb = Verb::stat, .file = step.file} : step;
    };
    return std::vector<WrongModel>{
        {"a volatile overlay does not fail", true, no_failstop, asItIs},
        {"an overlay reports nothing", false, no_reports, asItIs},
        {"the disk may always be written", true, loud, asItIs},
        {"the errno is another one", false, allRules(), another_errno},
        {"what is duplicated has a cursor of its own", false, allRules(), every_file_its_cursor},
        {"fsync reports nothing", false, allRules(), no_syncs},
        {"a write leaves nothing to sync", false, allRules(), no_writes},
    };
  }();
  return kWrong;
}

// How many steps are taken until the two expect something else of the kernel; `most` if they never
// do. What is impossible for one of them is no answer.
std::size_t stepsUntilTheyDiffer(const WrongModel& wrong, std::size_t most) {
  std::size_t steps = 0;
  for (std::uint64_t seed = 1; steps < most; ++seed) {
    World right(allRules(), wrong.is_volatile), other(wrong.rules, wrong.is_volatile);
    for (const Step& step : generate(right, seed, 160)) {
      ++steps;
      const Step seen = wrong.seen(step);
      const model::Answer answer = right.apply(step);
      if (!other.possible(seen)) continue;
      const model::Answer of_other = other.apply(seen);
      if (answer.errors != of_other.errors || answer.disk != of_other.disk) return steps;
    }
  }
  return most;
}

TEST(WrongModel, IsNoticed) {
  constexpr std::size_t kOfARun = 2000;
  for (const WrongModel& wrong : wrongModels()) {
    EXPECT_LT(stepsUntilTheyDiffer(wrong, kOfARun), kOfARun) << wrong.name;
  }
  EXPECT_EQ(stepsUntilTheyDiffer({"right", true, allRules(), asItIs}, kOfARun), kOfARun);
}

}  // namespace
