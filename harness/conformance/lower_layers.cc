// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/lower_layers.h"

#include <filesystem>

#include "sys/setup_error.h"

namespace conformance {

std::string twoLowerLayers(Subject& subject) {
  return subject.layers.freshDirectory() + ':' + subject.layers.lower();
}

std::string lowerOnTheUpperFilesystem(Subject& subject) {
  std::string lower = subject.layers.base() + "/lower-beside";
  if (!std::filesystem::exists(lower)) fillLowerLayer(lower);
  return lower;
}

std::string overlayAsLower(Subject& subject) {
  const std::string options = "lowerdir=" + twoLowerLayers(subject);
  const sys::Result result = subject.beside.mountLayers(options);
  if (!result.ok()) throw sys::SetupError("mount of an overlay with", options, result.error());
  return subject.beside.latest().root();
}

}  // namespace conformance
