// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/judge.h"

#include <string.h>

#include "conformance/explore/machine.h"
#include "conformance/explore/step_text.h"

namespace conformance {
namespace {

using model::Answer;

std::string errorName(int error) {
  return error == 0 ? "success" : ::strerrorname_np(error);
}

std::string namesOf(const std::vector<int>& errors) {
  std::string text;
  for (const int error : errors) text += (text.empty() ? "" : " or ") + errorName(error);
  return text;
}

// The line of the step without its newline.
std::string lineOf(const model::World& world, const model::Step& step, int error) {
  std::string line = textOf(step, error, world.isDirectory(step.file));
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

// What is wrong with the outcome; empty if nothing is.
std::string complaint(const Answer& answer, const Outcome& outcome) {
  const int error = outcome.result.error();
  if (!answer.allows(error)) return errorName(error) + " instead of " + namesOf(answer.errors);
  if (answer.disk == Answer::Disk::is_written && error == 0 && !outcome.wrote) {
    return "nothing was written to the disk";
  }
  if (answer.disk == Answer::Disk::stays && outcome.wrote) return "the disk was written";
  return "";
}

}  // namespace

std::optional<Divergence> judge(Subject& subject, model::World world, const Sequence& sequence) {
  Machine machine(subject);
  std::size_t steps = 0;
  for (const model::Step& step : sequence) {
    ++steps;
    // As after an operation that this kernel does not have.
    if (!world.possible(step)) continue;
    if (step.verb == model::Verb::prepare && !machine.prepare(step)) continue;
    const Answer answer = world.apply(step);
    const Outcome outcome = machine.take(step);
    (void)machine.failuresLogged();  // before other messages push them out of the kernel's buffer
    const std::string wrong = complaint(answer, outcome);
    if (!wrong.empty()) {
      return Divergence{steps, lineOf(world, step, answer.errors.front()) + ": " + wrong};
    }
  }
  const long logged = machine.failuresLogged();
  if (!world.isRightNumberOfFailures(logged)) {
    return Divergence{steps, std::to_string(logged) + " lines of the kernel log say that a " +
                                 "volatile mount has failed, instead of " +
                                 std::to_string(world.failuresFound())};
  }
  return std::nullopt;
}

std::string caseOf(model::World world, const Sequence& sequence) {
  std::string text;
  for (const model::Step& step : sequence) {
    const Answer answer = world.apply(step);
    text += textOf(step, answer.errors.front(), world.isDirectory(step.file));
  }
  return text;
}

}  // namespace conformance
