// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/sequence.h"

#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "model/candidates.h"

namespace conformance {
namespace {

// RapidCheck's state machine makes the sequences. What their steps do is up to the caller.
struct Nothing {};

class StepCommand : public rc::state::Command<model::World, Nothing> {
 public:
  explicit StepCommand(const model::Step& step) : step_(step) {}

  void checkPreconditions(const model::World& world) const override {
    RC_PRE(world.possible(step_));
  }
  void apply(model::World& world) const override { world.apply(step_); }
  const model::Step& step() const { return step_; }

 private:
  model::Step step_;
};

rc::Gen<std::shared_ptr<const rc::state::Command<model::World, Nothing>>> nextCommand(
    const model::World& world) {
  const auto steps = model::candidates(world);
  std::vector<std::pair<std::size_t, std::vector<model::Step>>> weighted;
  std::size_t total = 0;
  for (const auto& [verb, possible] : steps) {
    total += model::weight(verb);
    weighted.emplace_back(total, possible);
  }
  return rc::gen::map(rc::gen::pair(rc::gen::noShrink(rc::gen::inRange<std::size_t>(0, total)),
                                    rc::gen::noShrink(rc::gen::inRange<std::size_t>(0, 1U << 30U))),
                      [weighted](const std::pair<std::size_t, std::size_t>& chosen) {
                        auto verb = weighted.begin();
                        while (verb->first <= chosen.first) ++verb;
                        const model::Step& step = verb->second[chosen.second % verb->second.size()];
                        return std::shared_ptr<const rc::state::Command<model::World, Nothing>>(
                            std::make_shared<StepCommand>(step));
                      });
}

// The steps that are still possible when others are left out.
Sequence possibleSteps(model::World world, const Sequence& sequence) {
  Sequence possible;
  for (const model::Step& step : sequence) {
    if (!world.possible(step)) continue;
    world.apply(step);
    possible.push_back(step);
  }
  return possible;
}

Sequence without(const Sequence& sequence, std::size_t first, std::size_t count) {
  Sequence rest = sequence;
  const auto from = rest.begin() + static_cast<long>(first);
  rest.erase(from, from + static_cast<long>(std::min(count, rest.size() - first)));
  return rest;
}

}  // namespace

Sequence generate(const model::World& world, std::uint64_t seed, int length) {
  const auto commands = rc::state::gen::commands(world, nextCommand)(rc::Random(seed), length);
  Sequence steps;
  for (const auto& command : commands.value()) {
    steps.push_back(static_cast<const StepCommand&>(*command).step());
  }
  return steps;
}

// RapidCheck shrinks commands by making new ones for those that it leaves out, after which the rest
// hardly ever fails again; and its removeChunks() needs a number of attempts that grows with the
// square of the length.
Sequence shrink(const model::World& world, Sequence sequence,
                const std::function<bool(const Sequence&)>& fails, int attempts) {
  const auto becomes = [&](const Sequence& candidate) {
    const Sequence possible = possibleSteps(world, candidate);
    if (possible == sequence || attempts-- <= 0 || !fails(possible)) return false;
    sequence = possible;
    return true;
  };
  for (std::size_t chunk = sequence.size(); chunk > 0; chunk /= 2) {
    for (std::size_t first = 0; first < sequence.size();) {
      if (!becomes(without(sequence, first, chunk))) first += chunk;
    }
  }
  // The plainest way to take each step.
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    Sequence plainer = sequence;
    plainer[i].choice = 0;
    becomes(plainer);
  }
  return sequence;
}

}  // namespace conformance
