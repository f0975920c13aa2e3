// SPDX-License-Identifier: GPL-2.0-only
// Processor: one of the host's processors, for a process that runs best on one.
#pragma once

#include <optional>

namespace sys {

// While it exists, take() in this process returns other processors as long as there are any. It
// does not reserve the processor.
class Processor {
 public:
  // The processor with the fewest owners among those that this thread may run on; of several, the
  // one that it runs on now. Nothing if there is no choice, or if the kernel does not tell.
  static std::optional<Processor> take();
  Processor(const Processor&) = delete;
  Processor& operator=(const Processor&) = delete;
  Processor(Processor&& other) noexcept;
  Processor& operator=(Processor&& other) noexcept;
  ~Processor();

  int number() const { return number_; }

 private:
  explicit Processor(int number) : number_(number) {}

  int number_;  // -1: moved from
};

}  // namespace sys
