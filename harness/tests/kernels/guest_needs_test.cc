// SPDX-License-Identifier: GPL-2.0-only
// What a guest needs of a kernel that was not built for it.
#include "runner/kernels/guest_needs.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "filesystems/registry.h"
#include "runner/kernels/module_tree.h"
#include "tests/support/shipped_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GuestNeedsTest : public ShippedKernelTest {
 protected:
  GuestNeeds needsOnExt4() {
    return needsOf(find(scratch_ / ("root/boot/vmlinuz-" + std::string(kShippedRelease))),
                   filesystems::get("ext4"));
  }
  static std::vector<std::string> namesIn(const GuestNeeds& needs) {
    std::vector<std::string> names;
    for (const GuestModule& module : needs.modules) names.push_back(module.file.filename());
    return names;
  }
  void remove(const std::string& name) {
    fs::remove(scratch_ / (std::string("root/lib/modules/") + kShippedRelease + '/' + name));
  }
};

TEST_F(GuestNeedsTest, LoadsDependenciesFirstAndSoftOnesToo) {
  writeKernel("root");
  const GuestNeeds needs = needsOnExt4();
  EXPECT_THAT(needs.lacking, IsEmpty());
  EXPECT_THAT(needs.lacking_filesystem, IsEmpty());
  EXPECT_THAT(namesIn(needs), ElementsAre("dm-mod.ko", "dm-snapshot.ko", "overlay.ko", "jbd2.ko",
                                          "crc32c.ko", "ext4.ko.xz"));
  // That a useful module or a soft dependency does not load is no news.
  std::vector<bool> needed;
  for (const GuestModule& module : needs.modules) needed.push_back(module.needed);
  EXPECT_THAT(needed, ElementsAre(true, false, true, true, false, true));
}

TEST_F(GuestNeedsTest, DecompressesModules) {
  writeKernel("root");
  for (const GuestModule& module : needsOnExt4().modules) {
    const fs::path plain = scratch_ / ("plain-" + module.file.filename().string());
    decompressModule(module.file, plain);
    EXPECT_EQ(readFile(plain).substr(0, 4),
              "\x7F"
              "ELF")
        << module.file;
  }
}

TEST_F(GuestNeedsTest, ListsAllThatIsMissingWithItsOption) {
  writeKernel("root");
  remove("kernel/fs/overlayfs/overlay.ko");
  remove("kernel/drivers/md/dm-mod.ko");
  remove("kernel/drivers/md/dm-snapshot.ko");
  remove("kernel/fs/ext4/ext4.ko.xz");
  const GuestNeeds needs = needsOnExt4();
  EXPECT_THAT(needs.lacking,
              ElementsAre("device-mapper (CONFIG_BLK_DEV_DM)", "overlayfs (CONFIG_OVERLAY_FS)"));
  EXPECT_EQ(needs.lacking_filesystem, "ext4 (CONFIG_EXT4_FS)");
}

TEST_F(GuestNeedsTest, TheModuleOfTheSerialLinesMakesEnoughOfThem) {
  writeKernel("root");
  const std::string directory = std::string("root/lib/modules/") + kShippedRelease + '/';
  scratch_.write(directory + "modules.builtin", "");
  writeModule(directory + "kernel/drivers/tty/serial/8250/8250.ko", "", "");
  const auto modules = needsOnExt4().modules;
  ASSERT_FALSE(modules.empty());
  EXPECT_EQ(modules.front().file.filename(), "8250.ko");
  EXPECT_EQ(modules.front().parameters, "nr_uarts=4");
}

TEST_F(GuestNeedsTest, TheConfigurationTellsWhatIsMissing) {
  writeKernel("root");
  scratch_.write(std::string("root/boot/config-") + kShippedRelease,
                 "CONFIG_BLK_DEV_INITRD=y\nCONFIG_BINFMT_ELF=y\nCONFIG_PROC_FS=y\nCONFIG_SYSFS=y\n"
                 "CONFIG_DEVTMPFS=y\n# CONFIG_TMPFS is not set\nCONFIG_VIRTIO_PCI=y\n"
                 "CONFIG_VIRTIO_BLK=y\nCONFIG_BLK_DEV_DM=m\nCONFIG_OVERLAY_FS=m\n"
                 "CONFIG_TMPFS_XATTR=y\nCONFIG_FILE_LOCKING=y\nCONFIG_ADVISE_SYSCALLS=y\n"
                 "# CONFIG_FHANDLE is not set\nCONFIG_UNIX=m\n");
  EXPECT_THAT(needsOnExt4().lacking,
              ElementsAre("tmpfs (CONFIG_TMPFS)", "file handles (CONFIG_FHANDLE)",
                          "a channel for the verdicts: virtio consoles (CONFIG_VIRTIO_CONSOLE) or "
                          "serial lines (CONFIG_SERIAL_8250)"));
}

TEST_F(GuestNeedsTest, AModuleWithoutModulesIsMissing) {
  scratch_.write(std::string("root/boot/vmlinuz-") + kShippedRelease, bzImage());
  EXPECT_THAT(needsOnExt4().lacking, IsEmpty()) << "nothing is known; the guest tells";
  scratch_.write(std::string("root/boot/config-") + kShippedRelease, "CONFIG_OVERLAY_FS=m\n");
  EXPECT_THAT(
      needsOnExt4().lacking,
      Contains("overlayfs (CONFIG_OVERLAY_FS=m, and there are no modules of 6.1.0-1-test)"));
}

}  // namespace
}  // namespace runner
