// SPDX-License-Identifier: GPL-2.0-only
// Kernels that a distribution splits into several packages.
#include "runner/kernels/split_package.h"

#include <gmock/gmock.h>

#include "runner/base/failure.h"
#include "tests/support/shipped_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SplitPackageTest : public ShippedKernelTest {
 protected:
  std::string refusalOf(const fs::path& package) {
    try {
      find(package);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage) << failure.what();
      return failure.what();
    }
    return "no failure";
  }
};

TEST_F(SplitPackageTest, TakesThePartsOfASplitDebianPackageFromItsDirectory) {
  writeKernel("modules");
  fs::create_directories(scratch_ / "image");
  fs::rename(scratch_ / "modules/boot", scratch_ / "image/boot");
  fs::create_directories(scratch_ / "meta");
  const fs::path meta = writeDeb("meta", "linux-image-6.1.0-1-test",
                                 "kmod, linux-base (>= 4), linux-binary-6.1.0-1-test (= 1:6.1-2)");
  EXPECT_THAT(refusalOf(meta), AllOf(HasSubstr("has no kernel"),
                                     HasSubstr("linux-binary-6.1.0-1-test_6.1-2_amd64.deb"),
                                     HasSubstr((scratch_ / "packages").string())));
  // Ubuntu's do not name the version.
  writeDeb("image", "linux-binary-6.1.0-1-test", "linux-modules-6.1.0-1-test");
  EXPECT_THAT(refusalOf(meta),
              AllOf(HasSubstr("has no modules"), HasSubstr("linux-modules-6.1.0-1-test_*.deb")));
  writeDeb("modules", "linux-modules-6.1.0-1-test");
  const KernelFiles files = find(meta);
  EXPECT_EQ(files.release, kShippedRelease);
  EXPECT_TRUE(fs::exists(files.modules / "kernel/fs/overlayfs/overlay.ko"));
}

TEST_F(SplitPackageTest, TakesThePartsOfASplitRpmPackageFromItsDirectory) {
  writeKernel("modules");
  fs::create_directories(scratch_ / "core");
  fs::rename(scratch_ / "modules/boot", scratch_ / "core/boot");
  const fs::path core = writeRpm("core", "kernel-core-6.1.0-1.x86_64.rpm");
  EXPECT_THAT(refusalOf(core), HasSubstr("kernel-modules-core-6.1.0-1.x86_64.rpm"));
  writeRpm("modules", "kernel-modules-core-6.1.0-1.x86_64.rpm");
  EXPECT_TRUE(fs::exists(find(core).modules / "kernel/fs/overlayfs/overlay.ko"));
}

TEST_F(SplitPackageTest, TakesTheNewestOfSeveral) {
  scratch_.write("root/file", "");
  const fs::path image = writeDeb("root", "linux-image-5.15.0-91", "linux-modules-5.15.0-91");
  writeDeb("root", "linux-modules-5.15.0-91", "", "5.15.0-91.99");
  const fs::path newest = writeDeb("root", "linux-modules-5.15.0-91", "", "5.15.0-91.101");
  EXPECT_THAT(findSplitPackage(image).files, ElementsAre(image, newest));
  // As apt writes the epoch.
  const fs::path epoch = scratch_ / "packages/linux-modules-5.15.0-91_1%3a5.15.0-91.2_amd64.deb";
  fs::copy(newest, epoch);
  EXPECT_THAT(findSplitPackage(image).files, ElementsAre(image, epoch));
}

TEST_F(SplitPackageTest, NamesAnAbsentPackageOnce) {
  scratch_.write("root/file", "");
  const fs::path image =
      writeDeb("root", "linux-image-6.1.0-1", "linux-modules-6.1.0-1, linux-b-1");
  writeDeb("root", "linux-b-1", "linux-modules-6.1.0-1");
  EXPECT_THAT(findSplitPackage(image).absent, ElementsAre("linux-modules-6.1.0-1_*.deb"));
}

TEST_F(SplitPackageTest, KnowsTheVariantsOfFedorasKernel) {
  for (const std::string variant : {"kernel", "kernel-rt", "kernel-debug", "kernel-64k-debug"}) {
    const auto core = scratch_.write("packages/" + variant + "-core-6.1.0-1.x86_64.rpm", "");
    EXPECT_THAT(findSplitPackage(core).absent,
                ElementsAre(variant + "-modules-core-6.1.0-1.x86_64.rpm",
                            variant + "-modules-6.1.0-1.x86_64.rpm"));
  }
  for (const char* whole : {"kernel-modules-core-6.1.0-1.rpm", "kernel-default-6.1.0-1.rpm"}) {
    EXPECT_THAT(findSplitPackage(scratch_.write(std::string("packages/") + whole, "")).absent,
                IsEmpty());
  }
}

}  // namespace
}  // namespace runner
