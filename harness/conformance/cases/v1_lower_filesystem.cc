// SPDX-License-Identifier: GPL-2.0-only
// V1: an error that the filesystem of a lower layer has recorded.
#include <fcntl.h>

#include <string>

#include "conformance/case.h"
#include "conformance/lower_layers.h"
#include "conformance/needs.h"

namespace conformance {
namespace {

// The upper is a filesystem of its own, and only that counts.
CASE(V1, AnErrorOfALowerFilesystemDoesNotMatter, .subjects = kVolatileOnly) {
  const std::string lower = lowerOnTheUpperFilesystem(subject);
  const auto options = [&](const Layers& layers) {
    return overlayOptions(lower, layers.upper, layers.work,
                          failstopOption(subject.filesystem()) + ",index=off");
  };
  const auto mountOne = [&] {
    const Layers layers = subject.beside.layersInMemory("tmpfs");
    return mounted(subject, subject.beside.mountLayers(options(layers)));
  };
  const View* before = mountOne();
  subject.loseWritebackElsewhere();
  const View* after = mountOne();
  if (before == nullptr || after == nullptr) return;
  for (const View* view : {before, after}) {
    EXPECT_OK(view->tryOpen("lower-file", O_RDWR));
    EXPECT_OK(view->open("lower-dir", O_RDONLY).syncfs());
  }
}

}  // namespace
}  // namespace conformance
