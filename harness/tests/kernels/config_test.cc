// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "runner/base/failure.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSubsetOf;

class ConfigTest : public testing::Test {
 protected:
  std::vector<std::string> lost(const std::string& fragment, const std::string& config) {
    return lostOptions(readFragments({scratch_.write("common.config", fragment)}), config);
  }
  ScratchDirectory scratch_;
};

TEST_F(ConfigTest, KeptOptionsAreNotLost) {
  EXPECT_THAT(lost("# a comment\n\nCONFIG_A=y\nCONFIG_N=512\nCONFIG_S=\"x y\"\n"
                   "# CONFIG_B is not set\nCONFIG_C=n\n",
                   "CONFIG_A=y\nCONFIG_N=512\nCONFIG_S=\"x y\"\n# CONFIG_B is not set\n"),
              IsEmpty());
}

TEST_F(ConfigTest, NamesFileAndLineOfEachLostOption) {
  EXPECT_THAT(lost("\nCONFIG_A=y\nCONFIG_B=y\nCONFIG_N=512\n# CONFIG_D is not set\n",
                   "# CONFIG_A is not set\nCONFIG_N=64\nCONFIG_D=y\n"),
              ElementsAre(AllOf(HasSubstr("common.config:2: CONFIG_A=y"), HasSubstr("is not set")),
                          AllOf(HasSubstr("common.config:3: CONFIG_B=y"), HasSubstr("is missing")),
                          AllOf(HasSubstr("common.config:4:"), HasSubstr("became 64")),
                          AllOf(HasSubstr("common.config:5: # CONFIG_D is not set"),
                                HasSubstr("became y"))));
}

TEST_F(ConfigTest, AModuleIsNotWhatWasAskedFor) {
  EXPECT_THAT(lost("CONFIG_A=y\n", "CONFIG_A=m\n"), ElementsAre(HasSubstr("became m")));
}

TEST_F(ConfigTest, ALaterFragmentWins) {
  const auto common = scratch_.write("common.config", "CONFIG_A=y\nCONFIG_B=y\n");
  const auto machine = scratch_.write("uml.config", "# CONFIG_A is not set\n");
  const auto options = readFragments({common, machine});
  ASSERT_EQ(options.size(), 2u);
  EXPECT_THAT(lostOptions(options, "CONFIG_B=y\n"), IsEmpty());
  EXPECT_THAT(lostOptions(options, "CONFIG_A=y\nCONFIG_B=y\n"),
              ElementsAre(HasSubstr("uml.config:1")));
}

TEST_F(ConfigTest, NamesALineThatIsNotAnOption) {
  const auto fragment = scratch_.write("common.config", "CONFIG_A=y\nCONFIG_B y\n");
  try {
    readFragments({fragment});
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("common.config:2"));
  }
}

// `vng --build` has its own fragment, which must have every disk and filesystem of ours.
TEST(StoredConfig, VngHasTheDisksAndFilesystemsOfOurs) {
  const std::filesystem::path directory = PROJECT_ROOT "/kernel-overlay/config";
  const auto linesOf = [](const std::vector<std::filesystem::path>& fragments) {
    std::set<std::string> lines;
    for (const Option& option : readFragments(fragments)) lines.insert(option.text());
    return lines;
  };
  const auto vng = linesOf({directory / "vng.config"});
  const auto ours = linesOf({directory / "common.config", directory / "x86.config"});
  EXPECT_THAT(vng, IsSubsetOf(ours));
  const std::regex disk("CONFIG_(BLK_DEV_(LOOP|RAM|DM)|DM_|(EXT4|XFS|BTRFS|OVERLAY)_FS=).*");
  for (const std::string& line : ours) {
    if (!std::regex_match(line, disk)) continue;
    EXPECT_THAT(vng, Contains(line));
  }
}

}  // namespace
}  // namespace runner
