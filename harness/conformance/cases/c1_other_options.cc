// SPDX-License-Identifier: GPL-2.0-only
// C1: an upper directory is mounted again with whatever options overlayfs takes for it.
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "conformance/lower_layers.h"
#include "conformance/mounts_beside.h"

namespace conformance {
namespace {

// The defaults of distributions, each of which sets up the layers in another way.
constexpr const char* kOptions[] = {"index=on",
                                    "index=off",
                                    "metacopy=on,redirect_dir=on",
                                    "redirect_dir=nofollow",
                                    "index=on,nfs_export=on",
                                    "xino=on"};

// Those of the first mount, and any others after them.
CASE(C1, TheUpperMayHaveOtherOptions, .subjects = kVolatileOnly) {
  for (const char* first : kOptions) {
    VolatileUpper upper(subject);
    const auto isUsed = [&](const char* options) {
      SCOPED_TRACE(std::string(first) + " at first, now " + options);
      if (!upper.isMounted(std::string("volatile,") + options)) return false;
      EXPECT_OK(write(upper.view().open("data")));
      upper.end();
      return true;
    };
    if (!isUsed(first)) continue;
    for (const char* next : kOptions) {
      if (isUsed(next)) (void)isUsed(first);
    }
  }
}

// Without an index, overlayfs does not care which lower layers it has.
CASE(C1, TheLowerLayersMayBeOthers, .subjects = kVolatileOnly) {
  const std::string layers[] = {
      subject.layers.lower(), twoLowerLayers(subject), lowerOnTheUpperFilesystem(subject),
      subject.beside.layersInMemory("tmpfs").upper, subject.beside.layersInMemory("tmpfs").upper};
  VolatileUpper upper(subject);
  for (const std::string& lower : layers) {
    SCOPED_TRACE(lower);
    if (!upper.isMounted("volatile,index=off,lowerdir=" + lower)) return;
    EXPECT_OK(write(upper.view().open("data")));
    upper.end();
  }
}

}  // namespace
}  // namespace conformance
