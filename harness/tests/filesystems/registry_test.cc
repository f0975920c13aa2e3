// SPDX-License-Identifier: GPL-2.0-only
#include "filesystems/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace filesystems {
namespace {

std::string textOf(const std::string& path) {
  std::ifstream in(std::string(PROJECT_ROOT) + '/' + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Registry, FindsEachByItsName) {
  ASSERT_FALSE(all().empty());
  for (const Filesystem& filesystem : all()) EXPECT_EQ(&get(filesystem.name), &filesystem);
  EXPECT_THAT(names(), testing::IsSupersetOf({"ext4", "xfs", "btrfs"}));
  EXPECT_EQ(std::set<std::string>(names().begin(), names().end()).size(), all().size());
}

TEST(Registry, HasProfilesOfFilesystems) {
  ASSERT_FALSE(profiles().empty());
  EXPECT_EQ(std::set<std::string>(everyName().begin(), everyName().end()).size(),
            all().size() + profiles().size());
  for (const Filesystem& profile : profiles()) {
    EXPECT_EQ(&get(profile.name), &profile);
    EXPECT_TRUE(isProfile(profile.name));
    const std::size_t colon = profile.name.find(':');
    if (colon == std::string::npos) continue;
    const Filesystem* const base = find(profile.name.substr(0, colon));
    ASSERT_NE(base, nullptr) << profile.name;
    EXPECT_EQ(profile.mkfs.program, base->mkfs.program);
    EXPECT_EQ(profile.quirks.size(), base->quirks.size() + ownQuirks(profile).size());
    const auto words = [](const Filesystem& filesystem) {
      std::string text = filesystem.mount_options;
      for (const MkfsOption& option : filesystem.mkfs.options) {
        for (const std::string& word : option.words) text += ' ' + word;
      }
      return text;
    };
    EXPECT_NE(words(profile), words(*base)) << profile.name;
    // mke2fs makes the journal that -J describes, whatever -O says.
    EXPECT_FALSE(words(profile).contains("^has_journal") && words(profile).contains(" -J"));
  }
  for (const std::string& name : names()) EXPECT_FALSE(isProfile(name));
}

TEST(Registry, RefusesAnUnknownNameAndSaysTheKnownOnes) {
  EXPECT_EQ(find("zfs"), nullptr);
  EXPECT_EQ(find(""), nullptr);
  try {
    get("zfs");
    FAIL() << "no exception";
  } catch (const std::out_of_range& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'zfs'; known: ext4, xfs, btrfs"));
  }
}

TEST(Registry, HasWhatADiskIsMadeOf) {
  for (const Filesystem& filesystem : all()) {
    EXPECT_FALSE(filesystem.mkfs.program.empty()) << filesystem.name;
    EXPECT_GE(filesystem.mkfs.bytes, 16u << 20) << filesystem.name;
    ASSERT_FALSE(filesystem.mkfs.options.empty()) << filesystem.name;
    EXPECT_EQ(filesystem.mkfs.options.front().since, Version{}) << filesystem.name;
  }
}

// The entry script is not C++, and installs the packages before anything here is compiled.
TEST(Registry, HasItsPackagesInstalledByTheEntryScript) {
  std::istringstream script(textOf("ovl-syncfs"));
  std::string line;
  while (std::getline(script, line) && !line.starts_with("wanted=(")) {
  }
  std::string words = ' ' + line.substr(line.find('(') + 1);
  words.back() = ' ';
  for (const std::string& name : everyName()) {
    EXPECT_THAT(words, testing::HasSubstr(' ' + get(name).mkfs.package + ' '));
  }
}

TEST(Registry, HasItsKernelOptionsInOurKernels) {
  for (const char* fragment : {"common.config", "vng.config"}) {
    const std::string options = textOf(std::string("kernel-overlay/config/") + fragment);
    for (const Filesystem& filesystem : all()) {
      EXPECT_THAT(options, testing::HasSubstr('\n' + filesystem.config + "=y\n")) << fragment;
    }
  }
}

TEST(Registry, HasTheKernelOptionsOfProfilesInTheirLane) {
  const std::string options = textOf("kernel-overlay/config/common.config") +
                              textOf("kernel-overlay/config/profiles.config");
  for (const Filesystem& profile : profiles()) {
    EXPECT_THAT(options, testing::HasSubstr('\n' + profile.config + "=y\n"));
    for (const KernelOption& option : profile.more_config) {
      EXPECT_THAT(options, testing::HasSubstr('\n' + option.config + "=y\n")) << profile.name;
    }
  }
}

void expectConsistent(const std::vector<Quirk>& quirks) {
  std::set<std::string_view> ids;
  for (const Quirk& quirk : quirks) {
    SCOPED_TRACE(quirk.what);
    EXPECT_TRUE(ids.insert(quirk.id).second) << "twice in one record";
    EXPECT_EQ(quirk.gone_in == Version{}, quirk.commit.empty());
    EXPECT_TRUE(quirk.config.empty() || quirk.gone_in == Version{});
    EXPECT_EQ(quirk.skips.empty() && quirk.fails.empty(), quirk.reason.empty());
    EXPECT_FALSE(quirk.what.empty() || quirk.in_the_suite.empty());
    // What every kernel has does not go away with a release.
    EXPECT_TRUE(quirk.probe != Probe::always || quirk.gone_in == Version{});
  }
}

TEST(Quirk, AffectsReleasesBeforeItsCommit) {
  const Quirk quirk{
      .id = "x", .what = "x", .reason = "", .gone_in = {6, 4}, .backported = {{6, 1}}};
  for (const char* release : {"5.10.262", "6.3", "6.3-rc1", "6.2.16-amd64", "5.10.y"}) {
    EXPECT_TRUE(isAffected(quirk, release)) << release;
  }
  for (const char* release :
       {"6.4", "6.4.0-rc1", "6.11.0-29-generic", "7.0.1", "6.1.192", "6", ""}) {
    EXPECT_FALSE(isAffected(quirk, release)) << release;
  }
  EXPECT_FALSE(isAffected(Quirk{.id = "x", .what = "x", .reason = ""}, "5.10"));
}

TEST(Quirk, ExcusesNoReleaseThatHasItsCommit) {
  const Quirk quirk{
      .id = "x", .what = "x", .reason = "", .gone_in = {6, 4}, .backported = {{6, 1}}};
  // A backport may have come with any stable release.
  for (const char* release : {"5.10.262", "6.1.192", "6.3-rc1", "unreadable"}) {
    EXPECT_TRUE(mayHave(quirk, release)) << release;
  }
  for (const char* release : {"6.4.0-rc1", "6.11.0-29-generic", "7.3.4"}) {
    EXPECT_FALSE(mayHave(quirk, release)) << release;
  }
  EXPECT_TRUE(mayHave(Quirk{.id = "x", .what = "x", .reason = ""}, "7.3.4"));
}

TEST(Registry, HasQuirksThatAreConsistent) {
  for (const std::string& name : everyName()) expectConsistent(get(name).quirks);
  expectConsistent(kernelQuirks());
}

}  // namespace
}  // namespace filesystems
