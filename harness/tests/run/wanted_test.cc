// SPDX-License-Identifier: GPL-2.0-only
// Options that do not suit the kernel that they come with.
#include "runner/run/wanted.h"

#include <gmock/gmock.h>

#include "runner/base/failure.h"
#include "tests/support/shipped_fixture.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class WantedTest : public ShippedKernelTest {
 protected:
  std::string refusalOf(const KernelOptions& options) {
    try {
      checkOwnKernel(options);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage) << failure.what();
      return failure.what();
    }
    return "no failure";
  }
};

TEST_F(WantedTest, NoOptionConfiguresABuiltKernel) {
  writeKernel("root");
  KernelOptions options;
  for (const auto& [kernel, kind] :
       {std::pair(scratch_.write("bzImage", bzImage()), "an image"),
        std::pair(writeDeb("root", "linux-image-6.1.0-1-test"), "a package")}) {
    options.tree = kernel.string();
    options.lane = "distro";
    EXPECT_THAT(refusalOf(options),
                AllOf(HasSubstr("--distro"), HasSubstr(kernel.string()), HasSubstr(kind)));
    options.lane = "debug";
    EXPECT_EQ(refusalOf(options), "no failure") << "it gives more time and memory";
  }
}

TEST_F(WantedTest, AMissingFileIsNotATree) {
  KernelOptions options;
  options.tree = "missing.deb";
  EXPECT_EQ(refusalOf(options), "missing.deb: No such file or directory");
}

}  // namespace
}  // namespace runner
