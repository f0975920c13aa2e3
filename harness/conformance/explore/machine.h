// SPDX-License-Identifier: GPL-2.0-only
// Machine: takes the steps of a sequence on a subject.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "conformance/fault.h"
#include "conformance/file_handle.h"
#include "conformance/kernel_log.h"
#include "conformance/operations.h"
#include "conformance/subject.h"
#include "model/step.h"
#include "sys/open_file.h"
#include "sys/result.h"
#include "sys/ring.h"
#include "sys/user_namespace.h"

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
  // Whether this kernel can mount that way (model::mountModes()), which is tried.
  bool canMount(int mode);
  // How many lines of the kernel log say that a volatile overlay has failed, since the beginning.
  long failuresLogged();

  // All operations that can be prepared, by the number that a step gives.
  static const std::vector<Operation>& operations();

 private:
  struct Beside {
    View view;
    Layers layers;
    std::optional<FileHandle> handle = {};                // of "data"
    std::unique_ptr<sys::UserNamespace> namespaces = {};  // where it is mounted, if not here
  };

  const View& view(int number) const;
  sys::Result open(const model::Step& step);
  sys::Result openByHandle(const model::Step& step);
  sys::Result loseBy(const model::Step& step, const std::function<sys::Result()>& call);
  sys::Result fill(const model::Step& step);
  void unmount(int view);
  sys::Ring& ring();
  sys::Result mount(const model::Step& step, const Layers& layers);
  sys::Result run(const model::Step& step);
  sys::Result runOnFile(const model::Step& step);
  LayerPlaces placesFor(model::Lowers lowers);

  Subject& subject_;
  KernelLog log_;
  long failures_logged_ = 0;
  std::map<int, Beside> beside_;
  std::map<int, sys::File> files_;
  std::map<int, Call> prepared_;
  std::map<model::Lowers, std::string> lowers_;
  std::optional<sys::Ring> ring_;
  std::optional<Fault> fault_;
};

}  // namespace conformance
