// SPDX-License-Identifier: GPL-2.0-only
// The overlays that a sequence mounts beside its subject.
#include <fcntl.h>
#include <sys/mount.h>

#include <utility>

#include "conformance/explore/machine.h"
#include "conformance/explore/step_text.h"
#include "conformance/lower_layers.h"
#include "sys/setup_error.h"

namespace conformance {

using model::Step;
using sys::Result;

Result Machine::mount(const Step& step, const Layers& layers) {
  const model::MountMode& mode = model::mountModes().at(step.choice);
  const std::string options = layers.options + ',' + mode.text;
  if (mode.isInUserNamespace()) {
    auto namespaces = std::make_unique<sys::UserNamespace>();
    const std::string target = subject_.layers.freshDirectory();
    const Result result = namespaces->mount({"overlay", target, "overlay", options});
    if (result.ok()) {
      const View view(namespaces->pathOf(target), layers.upper);
      beside_.emplace(step.view, Beside{view, layers, std::nullopt, std::move(namespaces)});
    }
    return result;
  }
  const Result result = subject_.beside.mountLayers(options, mode.read_only ? MS_RDONLY : 0);
  if (!result.ok()) return result;
  const View view(subject_.beside.latest().root(), layers.upper);
  Beside& beside = beside_.emplace(step.view, Beside{view, layers}).first->second;
  if (!mode.hasHandles()) return result;
  const Result taken = beside.handle.emplace().take(view.open("data", O_PATH));
  if (!taken.ok()) throw sys::SetupError("name_to_handle_at", view.path("data"), taken.error());
  return result;
}

// Each is made once.
LayerPlaces Machine::placesFor(model::Lowers lowers) {
  if (lowers == model::Lowers::one) return {};
  const auto known = lowers_.find(lowers);
  if (known != lowers_.end()) return {.lower = known->second};
  std::string made = lowers == model::Lowers::two ? twoLowerLayers(subject_)
                     : lowers == model::Lowers::on_upper_filesystem
                         ? lowerOnTheUpperFilesystem(subject_)
                         : overlayAsLower(subject_);
  return {.lower = lowers_.emplace(lowers, std::move(made)).first->second};
}

void Machine::unmount(int view) {
  Beside& beside = beside_.at(view);
  if (beside.namespaces) {
    beside.namespaces.reset();
  } else {
    subject_.beside.unmount(beside.view);
  }
}

bool Machine::canMount(int mode) {
  const Step mount{.verb = model::Verb::mount, .view = model::kSubject + 1, .choice = mode};
  try {
    if (!run(mount).ok()) return false;
  } catch (const sys::SetupError&) {  // it has no user namespaces, or no file handles
    return false;
  }
  unmount(mount.view);
  beside_.erase(mount.view);
  return true;
}

Result Machine::openByHandle(const Step& step) {
  Beside& beside = beside_.at(step.view);
  sys::Descriptor opened = beside.handle->openIn(beside.view.root(), flagsToOpen(step));
  if (!opened) return Result::ofCall(-1);
  files_.emplace(step.file, sys::File(std::move(opened)));
  return Result::success();
}

}  // namespace conformance
