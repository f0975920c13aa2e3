// SPDX-License-Identifier: GPL-2.0-only
#include "sys/processor.h"

#include <sched.h>

#include <array>
#include <mutex>
#include <utility>

namespace sys {
namespace {

struct Owners {
  std::mutex mutex;
  std::array<int, CPU_SETSIZE> of{};
};

Owners& owners() {
  static Owners instance;
  return instance;
}

}  // namespace

std::optional<Processor> Processor::take() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) {
    return std::nullopt;
  }
  const int current = ::sched_getcpu();
  Owners& all = owners();
  const std::lock_guard lock(all.mutex);
  int best = -1;
  const auto consider = [&](int number) {
    if (number < 0 || number >= CPU_SETSIZE || !CPU_ISSET(number, &allowed)) return;
    if (best < 0 || all.of[number] < all.of[best]) best = number;
  };
  consider(current);
  for (int number = 0; number < CPU_SETSIZE; ++number) consider(number);
  ++all.of[best];
  return Processor(best);
}

Processor::Processor(Processor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Processor& Processor::operator=(Processor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Processor::~Processor() {
  if (number_ < 0) return;
  Owners& all = owners();
  const std::lock_guard lock(all.mutex);
  --all.of[number_];
}

}  // namespace sys
