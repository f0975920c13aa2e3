// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/hang_report.h"

#include <chrono>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "conformance/explore/judge.h"

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;

// Longer than any step takes in a slow machine, and less than a case may take.
constexpr auto kHang = std::chrono::seconds(30);

struct Current {
  std::mutex mutex;
  const model::World* start = nullptr;
  const Sequence* sequence = nullptr;
  std::size_t index = 0;
  Clock::time_point since;
};

Current& current() {
  static Current only;
  return only;
}

// The kernel cuts a long record, so each line is one.
void printToKernelLog(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::ofstream("/dev/kmsg") << line << std::endl;
  }
}

[[noreturn]] void watch() {
  for (;;) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    Current& now = current();
    const std::lock_guard lock(now.mutex);
    if (now.sequence == nullptr || Clock::now() - now.since < kHang) continue;
    const Sequence taken(now.sequence->begin(),
                         now.sequence->begin() + static_cast<long>(now.index) + 1);
    printToKernelLog("The last of these steps hangs:\n" + caseOf(*now.start, taken));
    now.sequence = nullptr;
  }
}

}  // namespace

HangReport::HangReport(const model::World& start, const Sequence& sequence) {
  static const bool kWatched = [] {
    std::thread(watch).detach();
    return true;
  }();
  (void)kWatched;
  const std::lock_guard lock(current().mutex);
  current().start = &start;
  current().sequence = &sequence;
  current().index = 0;
  current().since = Clock::now();
}

HangReport::~HangReport() {
  const std::lock_guard lock(current().mutex);
  current().sequence = nullptr;
}

void HangReport::at(std::size_t index) {
  const std::lock_guard lock(current().mutex);
  current().index = index;
  current().since = Clock::now();
}

}  // namespace conformance
