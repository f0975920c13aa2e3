// SPDX-License-Identifier: GPL-2.0-only
#include "sys/block_statistics.h"

#include <gtest/gtest.h>

#include "sys/setup_error.h"

namespace {

TEST(BlockStatistics, TakesReadsAndWrites) {
  const auto statistics = sys::parseBlockStatistics(
      "      12        3      456        7       34       5      678        9        4       1 "
      "2\n");
  EXPECT_EQ(statistics.reads, 12U);
  EXPECT_EQ(statistics.writes, 34U);
  EXPECT_EQ(statistics.in_flight, 4U);
}

TEST(BlockStatistics, RefusesAnythingElse) {
  EXPECT_THROW(sys::parseBlockStatistics(""), sys::SetupError);
  EXPECT_THROW(sys::parseBlockStatistics("1 2 3 4"), sys::SetupError);
  EXPECT_THROW(sys::parseBlockStatistics("1 2 3 4 five"), sys::SetupError);
}

TEST(BlockStatistics, SaysWhichDeviceIsMissing) {
  try {
    const sys::BlockCounters none("0:0");
    FAIL() << "there is no such device";
  } catch (const sys::SetupError& error) {
    EXPECT_NE(std::string(error.what()).find("/sys/dev/block/0:0/stat"), std::string::npos);
  }
}

}  // namespace
