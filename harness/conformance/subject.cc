// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/subject.h"

#include <cerrno>

#include "conformance/skip.h"
#include "sys/device_mapper.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

sys::MountRequest upperRequest(const SubjectDisk& disk, const LayerDirectories& layers) {
  return {disk.node(), layers.base(), disk.filesystem().type, disk.filesystem().mount_options};
}

std::optional<sys::MountRequest> overlayRequest(SubjectKind kind, const LayerDirectories& layers,
                                                const std::string& options,
                                                const std::string& volatile_option) {
  if (kind == SubjectKind::plain) return std::nullopt;
  std::string all = layers.own().options;
  if (!options.empty()) all += ',' + options;
  if (kind == SubjectKind::volatile_overlay) all += ',' + volatile_option;
  return sys::MountRequest{"overlay", layers.overlay(), "overlay", all};
}

}  // namespace

std::string_view name(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::plain:
      return "plain";
    case SubjectKind::overlay:
      return "overlay";
    case SubjectKind::volatile_overlay:
      return "volatile";
  }
  return "";
}

Subject::Subject(SubjectKind kind, FailingDisk& failing_disk,
                 const LayerDirectories& layer_directories, const std::string& options,
                 FaultLog& log, const std::string& volatile_option)
    : View(kind == SubjectKind::plain ? layer_directories.own().upper : layer_directories.overlay(),
           layer_directories.own().upper),
      kind_(kind),
      upper_(layer_directories.own().upper, layer_directories.own().upper),
      layers(layer_directories),
      disk(failing_disk, log, upper_),
      mount(upperRequest(disk, layers), overlayRequest(kind, layers, options, volatile_option)),
      beside(*this, upper_, mount.upperRequest(), layers) {}

void Subject::loseWriteback(const std::string& name, FaultKind kind) {
  disk.loseWriteback(path(name), barePath(name), kind);
}

void Subject::loseWritebackThrough(const View& view, const std::string& name) {
  disk.loseWriteback(view.path(name), view.barePath(name), FaultKind::error);
}

void Subject::loseWritebackElsewhere() {
  const std::string path = layers.fileElsewhere();
  disk.loseWriteback(path, path, FaultKind::error);
}

void Subject::loseWritebackAndSeeIt() {
  loseWriteback();
  const sys::Result seen = upper_.open("data").syncfs();
  if (seen != sys::Result::failure(EIO)) {
    throw sys::SetupError("syncfs on the bare filesystem", "has not reported the error",
                          seen.error());
  }
}

void Subject::stopForAnError() {
  mount.remountUpperWith(filesystem().error_trigger.value().option);
  disk.meetAnError();
}

PowerCuts& Subject::powerCuts() {
  if (sys::deviceMapperTargets().count("log-writes") == 0) {
    skip("device-mapper has no target 'log-writes' (CONFIG_DM_LOG_WRITES)");
  }
  mount.unmountOverlay();
  mount.unmountUpper();
  return power_cuts_.emplace(disk.handOver(), mount.upperRequest());
}

void Subject::tearDown() {
  beside.unmountAll();
  if (power_cuts_) power_cuts_->end();
  mount.unmountOverlay();
  if (mount.upperIsWritable()) disk.mustWork();
  mount.unmountUpper();
  disk.discard();
  disk.mustHaveFailed();
}

}  // namespace conformance
