// SPDX-License-Identifier: GPL-2.0-only
// Kernels as they are shipped: packages, and images with their modules beside them.
#include "runner/kernels/shipped_kernel.h"

#include <gmock/gmock.h>

#include <chrono>

#include "runner/base/failure.h"
#include "runner/kernels/module_tree.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/package.h"
#include "tests/support/shipped_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage) << failure.what();
    return failure.what();
  }
  return "no failure";
}

TEST_F(ShippedKernelTest, FindsWhatADebianPackageHas) {
  writeKernel("root", "usr/lib/modules/");
  scratch_.write(std::string("root/boot/config-") + kShippedRelease, "CONFIG_OVERLAY_FS=m\n");
  const fs::path package = writeDeb("root", "linux-image-6.1.0-1-test");
  EXPECT_TRUE(isPackage(package));
  EXPECT_EQ(recogniseKernel(package).kind, OwnKernel::Kind::package);
  const KernelFiles files = find(package);
  EXPECT_EQ(files.release, kShippedRelease);
  EXPECT_EQ(recogniseKernel(files.image).release, kShippedRelease);
  EXPECT_TRUE(fs::exists(files.modules / "modules.dep.bin"));
  EXPECT_EQ(files.config, "CONFIG_OVERLAY_FS=m\n");
  EXPECT_THAT(files.source, HasSubstr("linux-image-6.1.0-1-test_6.1-2_amd64.deb"));
  progress_ = {};
  EXPECT_EQ(find(package).image, files.image) << "unpacked once";
  EXPECT_THAT(progress_.steps, IsEmpty());
}

TEST_F(ShippedKernelTest, FindsWhatAnRpmPackageHas) {
  writeKernel("root");
  fs::rename(scratch_ / ("root/boot/vmlinuz-" + std::string(kShippedRelease)),
             scratch_ / ("root/lib/modules/" + std::string(kShippedRelease) + "/vmlinuz"));
  const KernelFiles files = find(writeRpm("root", "kernel-default.rpm"));
  EXPECT_EQ(files.release, kShippedRelease);
  EXPECT_TRUE(fs::exists(files.modules / "modules.dep.bin"));
}

TEST_F(ShippedKernelTest, FindsTheModulesOfAnInstalledImageAndWritesNothingThere) {
  for (const char* modules : {"lib/modules/", "usr/lib/modules/"}) {
    const std::string root = std::string("root-") + modules[0];
    writeKernel(root, modules);
    const fs::path directory = scratch_ / (root + '/' + modules + kShippedRelease);
    const KernelFiles files = find(scratch_ / (root + "/boot/vmlinuz-" + kShippedRelease));
    EXPECT_EQ(files.release, kShippedRelease);
    EXPECT_TRUE(fs::exists(files.modules / "modules.dep.bin"));
    EXPECT_TRUE(fs::exists(files.modules / "kernel/fs/overlayfs/overlay.ko"));
    EXPECT_FALSE(fs::exists(directory / "modules.dep"));
  }
}

TEST_F(ShippedKernelTest, TakesTheModulesThatTheUserNames) {
  writeKernel("root");
  const fs::path image = scratch_.write("bzImage", bzImage());
  EXPECT_TRUE(find(image).modules.empty());
  for (const char* below : {"root", "root/lib/modules", "root/lib/modules/6.1.0-1-test"}) {
    EXPECT_TRUE(fs::exists(find(image, scratch_ / below).modules / "modules.dep.bin")) << below;
  }
  const fs::path package = writeDeb("root", "linux-image-6.1.0-1-test");
  EXPECT_TRUE(fs::exists(find(image, package).modules / "modules.dep.bin"));
  EXPECT_THAT(refusal([&] { find(image, scratch_ / "packages"); }),
              AllOf(HasSubstr("--modules"), HasSubstr(kShippedRelease)));
}

TEST_F(ShippedKernelTest, TakesTheImageThatQemuBoots) {
  writeKernel("root");
  // A copy for debuggers, as openSUSE has it, and a link that no package should have.
  scratch_.write(std::string("root/boot/vmlinux-") + kShippedRelease, "text");
  scratch_.write("root/boot/vmlinuz-0", "text");
  const KernelFiles files = find(writeDeb("root", "linux-image-6.1.0-1-test"));
  EXPECT_EQ(files.release, kShippedRelease);
  EXPECT_EQ(files.architecture, &architectures::x86_64());
}

TEST_F(ShippedKernelTest, SaysWhatAPackageHasInPlaceOfAnImage) {
  const std::string image = scratch_.write("root/boot/vmlinux-6.1.0", "an image").string();
  run({"gzip", image});
  const fs::path package = writeDeb("root", "linux-image-6.1.0-1-test");
  EXPECT_THAT(refusal([&] { find(package); }),
              AllOf(HasSubstr(package.string()), HasSubstr("boot/vmlinux-6.1.0.gz"),
                    HasSubstr("compressed with gzip")));
}

TEST_F(ShippedKernelTest, RefusesAPackageForAnotherArchitectureBeforeItIsUnpacked) {
  writeKernel("root");
  const fs::path package = writeDeb("root", "linux-image-6.1.0-1-test", "", "6.1-2", "arm64");
  EXPECT_THAT(refusal([&] { find(package); }),
              AllOf(HasSubstr(package.string()), HasSubstr("arm64"), HasSubstr("amd64")));
  EXPECT_FALSE(fs::exists(scratch_ / "cache/packages"));
}

TEST_F(ShippedKernelTest, RefusesModulesOfAnotherRelease) {
  writeKernel("root");
  const fs::path modules = scratch_ / (std::string("root/lib/modules/") + kShippedRelease);
  std::string other = bzImage();
  other.replace(other.find("6.1.0-1-test"), 12, "6.1.0-2-test");
  const fs::path image = scratch_.write("bzImage", other);
  EXPECT_THAT(refusal([&] { find(image, modules); }),
              AllOf(HasSubstr("for Linux 6.1.0-1-test"), HasSubstr("kernel is 6.1.0-2-test")));
}

TEST_F(ShippedKernelTest, ModulesAreNotLookedForInTheCurrentDirectory) {
  scratch_.write(std::string("image/boot/vmlinuz-") + kShippedRelease, bzImage());
  scratch_.write("here/kernel/file", "");
  const fs::path package =
      writeDeb("image", "linux-image-6.1.0-1-test", "linux-modules-6.1.0-1-test");
  const fs::path before = fs::current_path();
  fs::current_path(scratch_ / "here");
  EXPECT_THAT(refusal([&] { find(package); }), HasSubstr("has no modules"));
  EXPECT_THAT(refusal([&] { find(scratch_.write("bzImage", bzImage()), "nothing"); }),
              HasSubstr("--modules nothing: No such file"));
  fs::current_path(before);
}

// As `make modules_install` of a kernel of one's own may leave it, and what a full disk leaves.
TEST_F(ShippedKernelTest, FindsTheDependenciesWhereDepmodLeftNone) {
  writeKernel("root");
  const fs::path modules = scratch_ / (std::string("root/lib/modules/") + kShippedRelease);
  const fs::path image = scratch_ / (std::string("root/boot/vmlinuz-") + kShippedRelease);
  fs::remove(modules / "modules.builtin");
  ModuleTree unlisted(find(image).modules);
  EXPECT_FALSE(unlisted.listsBuiltin());
  EXPECT_EQ(unlisted.loadOrder("dm_snapshot").size(), 2u);
  run({"depmod", "-b", (scratch_ / "root").string(), kShippedRelease});
  scratch_.write("root/lib/modules/" + std::string(kShippedRelease) + "/modules.builtin", "");
  run({"depmod", "-b", (scratch_ / "root").string(), kShippedRelease});
  EXPECT_EQ(find(image).modules, modules) << "depmod has run";
  for (const std::uintmax_t size : {0, 100}) {
    fs::resize_file(modules / "modules.dep.bin", size);
    const fs::path found = find(image).modules;
    EXPECT_NE(found, modules);
    EXPECT_EQ(ModuleTree(found).loadOrder("dm_snapshot").size(), 2u);
    EXPECT_EQ(fs::file_size(modules / "modules.dep.bin"), size);
    try {
      const ModuleTree broken(modules);
      ADD_FAILURE() << "it reads a broken index";
    } catch (const Failure& failure) {
      EXPECT_THAT(failure.what(), HasSubstr((modules / "modules.dep.bin").string()));
    }
  }
}

TEST_F(ShippedKernelTest, TheCacheKeepsWhatAnyRunUses) {
  writeKernel("root");
  std::vector<fs::path> images;
  for (const char* version : {"1", "2", "3", "4", "5", "6", "7"}) {
    images.push_back(find(writeDeb("root", "linux-image-6.1.0-1-test", "", version)).image);
  }
  for (const fs::path& image : images) EXPECT_TRUE(fs::exists(image)) << image;
  const auto entry = [&](std::size_t i) { return images[i].parent_path().parent_path(); };
  for (const std::size_t i : {0, 1, 2}) {
    fs::last_write_time(entry(i), fs::file_time_type::clock::now() - std::chrono::hours(30));
  }
  find(scratch_ / "packages/linux-image-6.1.0-1-test_2_amd64.deb");
  EXPECT_TRUE(fs::exists(images[1])) << "it is used again";
  EXPECT_FALSE(fs::exists(entry(0))) << "of the unused, five are kept";
  EXPECT_FALSE(fs::exists(entry(2)));
}

TEST_F(ShippedKernelTest, RefusesADamagedPackage) {
  writeKernel("root");
  const fs::path package = writeDeb("root", "linux-image-6.1.0-1-test");
  fs::resize_file(package, fs::file_size(package) / 2);
  EXPECT_THAT(refusal([&] { find(package); }), HasSubstr("cannot unpack " + package.string()));
  EXPECT_TRUE(fs::is_empty(scratch_ / "cache/packages")) << "nothing half-unpacked stays";
}

}  // namespace
}  // namespace runner
