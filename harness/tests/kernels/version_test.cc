// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runner/kernels/archive.h"

namespace runner {
namespace {

TEST(Version, IsOrderedAsDebianOrdersIt) {
  const std::vector<std::string> rising = {"7.3~rc7-1~exp1", "7.3-1",   "7.3.4-1~bpo13+1",
                                           "7.3.4-1",        "7.3.4-2", "7.3.10-1",
                                           "7.10-1",         "1:1.0"};
  for (std::size_t i = 0; i < rising.size(); ++i) {
    for (std::size_t j = 0; j < rising.size(); ++j) {
      EXPECT_EQ(olderVersion(rising[i], rising[j]), i < j) << rising[i] << " and " << rising[j];
    }
  }
}

TEST(Version, KnowsItsUpstreamPartAndItsTree) {
  EXPECT_EQ(upstreamOf("7.3.4-1~bpo13+1"), "7.3.4");
  EXPECT_EQ(upstreamOf("1:2.0-rc1-3"), "2.0-rc1");
  EXPECT_TRUE(belongsTo("7.3", "7.3"));
  EXPECT_TRUE(belongsTo("7.3.14", "7.3"));
  EXPECT_TRUE(belongsTo("7.3~rc1", "7.3"));
  EXPECT_FALSE(belongsTo("7.30", "7.3"));
  EXPECT_FALSE(belongsTo("6.7.3", "7.3"));
}

}  // namespace
}  // namespace runner
