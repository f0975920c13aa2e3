// SPDX-License-Identifier: GPL-2.0-only
// A7, A10, B2, B6, C1: what is required of an overlay does not depend on where its layers are, nor
// on the options that decide what overlayfs makes of them.
#include <cstddef>
#include <string>
#include <vector>

#include "conformance/arrangements.h"
#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/needs.h"

namespace conformance {
namespace {

using sys::File;

// A file of the upper layer and one of the lower.
constexpr const char* kNames[] = {"created", "lower-file"};

// Both, of each overlay in turn. The first is created if it is missing.
std::vector<File> openAll(const std::vector<ArrangedOverlay>& overlays) {
  std::vector<File> files;
  for (const ArrangedOverlay& each : overlays) {
    for (const char* name : kNames) files.push_back(each.view.open(name, O_RDONLY | O_CREAT));
  }
  return files;
}

const std::string& owner(const std::vector<ArrangedOverlay>& overlays, std::size_t file) {
  return overlays[file / std::size(kNames)].name;
}

// A8: opened after it was seen, none reports it. B6: none of them fails.
CASE(A7, EveryArrangementOfLayersReports, .subjects = kOverlayOnly) {
  const std::vector<ArrangedOverlay> overlays = mountEveryArrangement(subject, "");
  const std::vector<File> files = openAll(overlays);
  subject.loseWritebackElsewhere();
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_ERRNO(files[i].syncfs(), EIO) << owner(overlays, i);
    EXPECT_OK(files[i].syncfs()) << owner(overlays, i);
    EXPECT_OK(read(files[i])) << owner(overlays, i);
  }
  const std::vector<File> late = openAll(overlays);
  for (std::size_t i = 0; i < late.size(); ++i) {
    EXPECT_OK(late[i].syncfs()) << owner(overlays, i);
  }
}

CASE(A10, EveryArrangementOfLayersIsMounted, .subjects = kOverlayOnly) {
  subject.loseWriteback();
  (void)mountEveryArrangement(subject, "");
  EXPECT_ERRNO(subject.upper().open("data", O_RDONLY).syncfs(), EIO) << "it was still unseen";
}

CASE(B2, EveryArrangementOfLayersFails, .subjects = kVolatileOnly) {
  const std::vector<ArrangedOverlay> overlays =
      mountEveryArrangement(subject, failstopOption(subject.filesystem()));
  const std::vector<File> files = openAll(overlays);
  subject.loseWritebackElsewhere();
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_ERRNO(read(files[i]), EIO) << owner(overlays, i);
    EXPECT_ERRNO(files[i].fsync(), EIO) << owner(overlays, i);
    EXPECT_ERRNO(files[i].syncfs(), EIO) << owner(overlays, i);
  }
  for (const ArrangedOverlay& each : overlays) {
    EXPECT_ERRNO(each.view.tryOpen("lower-file"), EIO) << each.name;
    EXPECT_ERRNO(each.view.tryOpen("lower-dir", O_RDONLY | O_DIRECTORY), EIO) << each.name;
    EXPECT_ERRNO(create(each.view, "new-name"), EIO) << each.name;
  }
}

// Those for users are C7's.
CASE(C1, EveryArrangementOfLayersIsUsedAgain, .subjects = kVolatileOnly) {
  const std::vector<ArrangedOverlay> overlays = mountEveryArrangement(subject, "volatile");
  for (const ArrangedOverlay& each : overlays) {
    EXPECT_OK(write(each.view.open("created", O_RDWR | O_CREAT))) << each.name;
    subject.beside.unmount(each.view);
  }
  for (const ArrangedOverlay& each : overlays) {
    if (each.is_for_users) continue;
    EXPECT_OK(subject.beside.mountLayers(each.layers.options)) << each.name;
  }
}

}  // namespace
}  // namespace conformance
