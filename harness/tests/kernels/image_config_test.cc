// SPDX-License-Identifier: GPL-2.0-only
// The configuration that a kernel image has in itself.
#include "runner/kernels/image_config.h"

#include <gtest/gtest.h>

#include "tests/support/shipped_fixture.h"

namespace runner {
namespace {

constexpr const char* kConfig =
    "#\n# Linux/x86 6.1.0\n#\nCONFIG_OVERLAY_FS=m\n# CONFIG_BTRFS_FS is not set\n";

class ImageConfigTest : public ShippedKernelTest {
 protected:
  std::string compressed(const std::string& text, const std::string& program) {
    const auto file = scratch_.write("to-compress", text);
    run({program, "-f", "-k", file.string()});
    return scratch_.read("to-compress" + std::string(program == "gzip" ? ".gz" : ".xz"));
  }
  // An uncompressed kernel: the mark also stands elsewhere, and data follow.
  std::string kernel() {
    return std::string(1 << 21, 'k') + "IKCFG_ST, says a comment" + "IKCFG_ST" +
           compressed(kConfig, "gzip") + "IKCFG_ED" + std::string(1 << 18, 'k');
  }
  std::string configIn(const std::string& image) {
    return configInImage(scratch_.write("image", image));
  }
};

TEST_F(ImageConfigTest, IsFoundInAnUncompressedKernel) {
  EXPECT_EQ(configIn(kernel()), kConfig);
}

TEST_F(ImageConfigTest, IsFoundInACompressedKernel) {
  for (const char* program : {"gzip", "xz"}) {
    // The size follows the compressed kernel, and a signature the image.
    EXPECT_EQ(configIn(bzImage() + compressed(kernel(), program) + std::string("\0\0\x20\0", 4) +
                       "signature"),
              kConfig)
        << program;
  }
}

TEST_F(ImageConfigTest, IsEmptyWithoutOne) {
  EXPECT_EQ(configIn(""), "");
  EXPECT_EQ(configIn(bzImage()), "");
  EXPECT_EQ(configIn(bzImage() + compressed(std::string(1 << 21, 'k'), "gzip")), "");
  EXPECT_EQ(configIn(kernel().substr(0, (1 << 21) + 40)), "") << "truncated";
  EXPECT_EQ(configInImage(scratch_ / "nothing"), "");
}

TEST_F(ImageConfigTest, CountsForAKernelWithoutAConfigurationBesideIt) {
  scratch_.write("boot/vmlinuz", bzImage() + compressed(kernel(), "xz"));
  EXPECT_EQ(find(scratch_ / "boot/vmlinuz").config, kConfig);
  scratch_.write(std::string("boot/config-") + kShippedRelease, "CONFIG_OVERLAY_FS=y\n");
  EXPECT_EQ(find(scratch_ / "boot/vmlinuz").config, "CONFIG_OVERLAY_FS=y\n");
}

}  // namespace
}  // namespace runner
