// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/image_cache.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

TEST(ImageCacheTest, KeepsAFewImagesOfAFamily) {
  const ScratchDirectory scratch;
  const Cache cache(scratch / "cache");
  const ImageCache images(cache);
  const fs::path image = scratch.write("image", "kernel"), config = scratch.write("config", "");
  for (int i = 0; i < 8; ++i) {
    images.keep("mainline-off-uml-" + std::to_string(i), "mainline-off-uml-", image, config, {});
  }
  images.keep("other-off-uml-0", "other-off-uml-", image, config, {});
  EXPECT_FALSE(images.find("mainline-off-uml-0"));
  EXPECT_TRUE(images.find("mainline-off-uml-7"));
  EXPECT_TRUE(images.find("other-off-uml-0"));
}

}  // namespace
}  // namespace runner
