// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/judge.h"

#include <string.h>

#include <algorithm>
#include <utility>

#include "conformance/explore/coverage.h"
#include "conformance/explore/hang_report.h"
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
  std::string line = textOf(world, step, error);
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
  const model::World start = world;
  HangReport hang(start, sequence);
  std::size_t steps = 0;
  for (const model::Step& step : sequence) {
    hang.at(steps);
    ++steps;
    // As after an operation that this kernel does not have.
    if (!world.possible(step)) continue;
    if (step.verb == model::Verb::prepare && !machine.prepare(step)) continue;
    if (const auto circumstance = world.circumstanceOf(step)) coverage().add(*circumstance);
    const Answer answer = world.apply(step);
    const Outcome outcome = machine.take(step);
    (void)machine.failuresLogged();  // before other messages push them out of the kernel's buffer
    const std::string wrong = complaint(answer, outcome);
    if (!wrong.empty()) {
      return Divergence{steps, lineOf(world, step, answer.errors.front()) + ": " + wrong,
                        answer.allows(outcome.result.error()) ? Divergence::About::disk
                                                              : Divergence::About::answer};
    }
  }
  const long logged = machine.failuresLogged();
  if (!world.isRightNumberOfFailures(logged)) {
    return Divergence{steps,
                      std::to_string(logged) +
                          " lines of the kernel log say that a volatile mount has failed, "
                          "instead of " +
                          std::to_string(world.failuresFound()),
                      Divergence::About::kernel_log};
  }
  return std::nullopt;
}

std::string caseOf(model::World world, const Sequence& sequence, Divergence::About about) {
  const bool by_ring = std::ranges::any_of(sequence, [](const model::Step& step) {
    return step.verb == model::Verb::ring_read || step.verb == model::Verb::ring_write ||
           step.verb == model::Verb::ring_fsync;
  });
  const bool of_log = about == Divergence::About::kernel_log;
  std::string text = of_log ? "KernelLog log;\n" : "";
  if (by_ring) text += "sys::Ring ring;\n";
  std::string last;
  Answer answer;
  for (const model::Step& step : sequence) {
    if (!world.possible(step)) continue;
    text += std::exchange(last, "");
    answer = world.apply(step);
    last = textOf(world, step, answer.errors.front());
  }
  if (about == Divergence::About::disk) {
    last = "const auto writes = subject.disk.writesDuring([&] {\n" + last + "});\n" +
           (answer.disk == Answer::Disk::stays ? "EXPECT_EQ" : "EXPECT_NE") + "(writes, 0U);\n";
  }
  text += last;
  if (of_log) {
    text += "EXPECT_EQ(timesThatItFailed(log), " + std::to_string(world.failuresFound()) + ");\n";
  }
  return text;
}

}  // namespace conformance
