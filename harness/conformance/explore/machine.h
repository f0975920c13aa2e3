// SPDX-License-Identifier: GPL-2.0-only
// Machine: takes the steps of a sequence on a subject.
#pragma once

#include <map>
#include <string>

#include "conformance/kernel_log.h"
#include "conformance/operations.h"
#include "conformance/subject.h"
#include "model/step.h"
#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

// What a step answered, and whether the disk was written meanwhile.
struct Outcome {
  sys::Result result = sys::Result::success();
  bool wrote = false;
};

class Machine {
 public:
  // Throws SetupError.
  explicit Machine(Subject& subject);

  // Prepares the call of an operation. False if the kernel does not have it, or the call needs a
  // name that another one has made. Throws SetupError.
  bool prepare(const model::Step& step);
  // Takes a step; nothing is left to do for one that was prepared. Throws SetupError, and Skipped
  // if the kernel cannot do it.
  Outcome take(const model::Step& step);
  // How many lines of the kernel log say that a volatile overlay has failed, since the beginning.
  long failuresLogged();

  // All operations that can be prepared, by the number that a step gives.
  static const std::vector<Operation>& operations();

 private:
  struct Beside {
    View view;
    Layers layers;
  };

  const View& view(int number) const;
  sys::Result open(const model::Step& step);
  sys::Result mount(const model::Step& step, const Layers& layers);
  sys::Result keep(int file, int descriptor);
  sys::Result run(const model::Step& step);

  Subject& subject_;
  KernelLog log_;
  long failures_logged_ = 0;
  std::map<int, Beside> beside_;
  std::map<int, sys::File> files_;
  std::map<int, Call> prepared_;
};

}  // namespace conformance
