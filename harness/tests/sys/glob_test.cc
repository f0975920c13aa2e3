// SPDX-License-Identifier: GPL-2.0-only
#include "sys/glob.h"

#include <gtest/gtest.h>

namespace {

const char* const kName = "A2.EveryOpenFdReportsOnce/ext4/overlay";

TEST(Glob, NothingMatchesEverything) {
  EXPECT_TRUE(sys::matchesGlob("", kName));
  EXPECT_TRUE(sys::matchesGlob(":", kName));
}

TEST(Glob, StarCrossesSlashes) {
  EXPECT_TRUE(sys::matchesGlob("A2.*", kName));
  EXPECT_TRUE(sys::matchesGlob("*/overlay", kName));
  EXPECT_TRUE(sys::matchesGlob("*/ext4/*", kName));
  EXPECT_FALSE(sys::matchesGlob("*/xfs/*", kName));
}

TEST(Glob, TheWholeNameIsMeant) {
  EXPECT_FALSE(sys::matchesGlob("A2", kName));
  EXPECT_FALSE(sys::matchesGlob("A2.EveryOpenFdReportsOnce", kName));
  EXPECT_TRUE(sys::matchesGlob(kName, kName));
}

TEST(Glob, AnyOneOfSeveralWillDo) {
  EXPECT_TRUE(sys::matchesGlob("V?.*:A[12].*", kName));
  EXPECT_TRUE(sys::matchesGlob("A2.*:", kName));
  EXPECT_FALSE(sys::matchesGlob("V?.*:A1.*", kName));
}

}  // namespace
