// SPDX-License-Identifier: GPL-2.0-only
#include "sys/processor.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <set>
#include <utility>
#include <vector>

#include "sys/child_process.h"

namespace sys {
namespace {

cpu_set_t allowedHere() {
  cpu_set_t allowed;
  EXPECT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
  return allowed;
}

// What `nproc` says in a child that is started with this command's processor. It obeys OpenMP's
// variables, which may be set here.
std::string processorsOf(std::optional<int> processor) {
  Command command{.arguments = {"env", "-u", "OMP_NUM_THREADS", "-u", "OMP_THREAD_LIMIT", "nproc"}};
  command.processor = processor;
  return runCommand(command).text;
}

TEST(Processor, EachOwnerHasOneOfItsOwnAsLongAsThereAreAny) {
  const cpu_set_t allowed = allowedHere();
  if (CPU_COUNT(&allowed) < 2) GTEST_SKIP() << "the host has only one processor";
  std::vector<Processor> taken;
  std::set<int> numbers;
  for (int i = 0; i < CPU_COUNT(&allowed); ++i) {
    auto processor = Processor::take();
    ASSERT_TRUE(processor);
    EXPECT_TRUE(CPU_ISSET(processor->number(), &allowed));
    numbers.insert(processor->number());
    taken.push_back(std::move(*processor));
  }
  EXPECT_EQ(numbers.size(), taken.size());

  // One is given back, and is the next that is taken.
  const int free = taken.back().number();
  taken.pop_back();
  const auto again = Processor::take();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->number(), free);
  EXPECT_TRUE(Processor::take()) << "and they are shared when all are taken";
}

TEST(Processor, AChildStaysOnTheOneThatItWasGiven) {
  const auto processor = Processor::take();
  if (!processor) GTEST_SKIP() << "the host has only one processor";
  EXPECT_EQ(processorsOf(processor->number()), "1\n");
  EXPECT_NE(processorsOf(std::nullopt), "1\n") << "this process itself is not bound";
}

TEST(Processor, AChildStartsAllTheSameWhereThereIsNoSuchProcessor) {
  EXPECT_EQ(processorsOf(CPU_SETSIZE - 1), processorsOf(std::nullopt));
}

}  // namespace
}  // namespace sys
