// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/sequence.h"

#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <algorithm>
#include <iterator>
#include <map>
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

using Command = std::shared_ptr<const rc::state::Command<model::World, Nothing>>;

// Chooses a verb by its weight, then what it is about or which mount it goes through, and one of
// the steps that are left, so that what can be done in one way only is not rare. Half of them go
// through the newest mount: there are many ways to mount, and each needs more than a step or two.
Command chosen(const model::World& world, rc::Random random) {
  std::vector<model::Step> steps;
  while (steps.empty()) {
    steps =
        model::candidates(world, model::verbAt(world, random.next() % model::totalWeight(world)));
  }
  enum By { target, mount, newest };
  const auto by = static_cast<By>(std::min<std::uint64_t>(random.next() % 4, newest));
  std::map<int, std::vector<model::Step>> groups;
  for (const model::Step& step : steps) {
    groups[by == target ? static_cast<int>(step.target) : world.viewOf(step)].push_back(step);
  }
  const auto nth =
      static_cast<long>(by == newest ? groups.size() - 1 : random.next() % groups.size());
  const auto& group = std::next(groups.begin(), nth)->second;
  return std::make_shared<StepCommand>(group[random.next() % group.size()]);
}

rc::Gen<Command> nextCommand(const model::World& world) {
  return rc::Gen<Command>([&world](const rc::Random& random, int) {
    return rc::shrinkable::just(chosen(world, random));
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

// Plainer ways to take one step, the plainest first.
std::vector<Sequence> plainerAt(std::size_t index, const Sequence& sequence) {
  std::vector<Sequence> plainer;
  const model::Step& step = sequence[index];
  if (step.verb == model::Verb::duplicate || step.verb == model::Verb::pass) {
    Sequence without_it = without(sequence, index, 1);
    for (model::Step& later : without_it) {
      if (later.file == step.file) later.file = step.from;
      if (later.from == step.file) later.from = step.from;
    }
    plainer.push_back(std::move(without_it));
  }
  const auto with = [&](auto&& change) {
    Sequence changed = sequence;
    change(changed[index]);
    if (changed != sequence) plainer.push_back(std::move(changed));
  };
  with([](model::Step& to) {
    if (to.verb == model::Verb::fault)
      to = {model::Verb::lose, to.view, 0, 0, to.target, to.choice};
  });
  with([](model::Step& to) { to.choice = 0; });
  with([](model::Step& to) { to.target = {}; });
  with([](model::Step& to) { to.view = std::min(to.view, model::kSubject); });
  with([](model::Step& to) { to.view = model::kBare; });
  return plainer;
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
  // Once one step has gone or is plainer, another one may no longer be needed.
  for (Sequence before; sequence != before;) {
    before = sequence;
    for (std::size_t chunk = sequence.size(); chunk > 0; chunk /= 2) {
      for (std::size_t first = 0; first < sequence.size();) {
        if (!becomes(without(sequence, first, chunk))) first += chunk;
      }
    }
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      for (const Sequence& plainer : plainerAt(i, sequence)) {
        if (becomes(plainer)) break;
      }
    }
  }
  return sequence;
}

}  // namespace conformance
