// SPDX-License-Identifier: GPL-2.0-only
#include "sys/device_table.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sys/sector_range.h"

namespace {

using sys::DeviceTable;
using sys::SectorRange;

TEST(SectorRanges, AllButSomeIsWhatIsLeft) {
  const std::vector<sys::SectorRange> some{{8, 2}, {0, 4}};
  EXPECT_EQ(sys::allBut(some, 12), (std::vector<sys::SectorRange>{{4, 4}, {10, 2}}));
  EXPECT_EQ(sys::allBut({}, 12), (std::vector<sys::SectorRange>{{0, 12}}));
  EXPECT_TRUE(sys::allBut({{0, 12}}, 12).empty());
}

TEST(SectorRanges, AreSortedAndJoined) {
  const std::vector<SectorRange> expected = {{0, 8}, {16, 24}, {100, 1}};
  EXPECT_EQ(sys::normalized({{100, 1}, {24, 16}, {0, 8}, {16, 10}, {50, 0}}), expected);
  EXPECT_EQ(sys::totalSectors(expected), 33U);
  EXPECT_TRUE(sys::normalized({}).empty());
}

TEST(SectorRanges, OneInsideAnotherAddsNothing) {
  EXPECT_EQ(sys::normalized({{0, 100}, {10, 5}}), (std::vector<SectorRange>{{0, 100}}));
}

TEST(DeviceTable, IsOneLineWithoutHoles) {
  EXPECT_EQ(sys::linearTable(1000, "253:1"), (DeviceTable{{{0, 1000}, "linear", "253:1 0"}}));
  EXPECT_EQ(sys::linearTableWithHoles(1000, "253:1", {}, "253:2"), sys::linearTable(1000, "253:1"));
}

TEST(DeviceTable, HolesGoToTheBrokenDeviceAtTheirOwnPlace) {
  EXPECT_EQ(sys::linearTableWithHoles(1000, "253:1", {{200, 8}, {100, 8}}, "253:2"),
            (DeviceTable{{{0, 100}, "linear", "253:1 0"},
                         {{100, 8}, "linear", "253:2 100"},
                         {{108, 92}, "linear", "253:1 108"},
                         {{200, 8}, "linear", "253:2 200"},
                         {{208, 792}, "linear", "253:1 208"}}));
}

TEST(DeviceTable, HolesMayTouchBothEnds) {
  EXPECT_EQ(sys::linearTableWithHoles(16, "253:1", {{0, 8}, {8, 8}}, "253:2"),
            (DeviceTable{{{0, 16}, "linear", "253:2 0"}}));
}

TEST(DeviceTable, HolePastTheEndIsRefused) {
  EXPECT_THROW(sys::linearTableWithHoles(16, "253:1", {{8, 16}}, "253:2"), std::out_of_range);
}

TEST(SectorRanges, OnlyWholeRegionsAreLeft) {
  EXPECT_EQ(sys::wholeRegions({{100, 300}}, 128), (std::vector<SectorRange>{{128, 256}}));
  EXPECT_EQ(sys::wholeRegions({{128, 128}, {256, 127}}, 128),
            (std::vector<SectorRange>{{128, 128}}));
  EXPECT_EQ(sys::wholeRegions({{0, 64}, {64, 64}}, 128), (std::vector<SectorRange>{{0, 128}}));
  EXPECT_TRUE(sys::wholeRegions({{1, 254}}, 128).empty());
}

TEST(SectorRanges, TwoRegionsOfDataHoldAWholeOneWhereverTheyAre) {
  for (std::uint64_t start = 0; start < 256; ++start) {
    EXPECT_FALSE(sys::wholeRegions({{start, 256}}, 128).empty()) << start;
  }
}

TEST(SectorRanges, TouchedRegionsAreWhole) {
  EXPECT_EQ(sys::touchedRegions({{100, 300}}, 128), (std::vector<SectorRange>{{0, 512}}));
  EXPECT_EQ(sys::touchedRegions({{130, 1}, {255, 1}}, 128), (std::vector<SectorRange>{{128, 128}}));
  EXPECT_EQ(sys::touchedRegions({{128, 128}, {512, 1}}, 128),
            (std::vector<SectorRange>{{128, 128}, {512, 128}}));
}

TEST(SwitchTable, NamesItsDevices) {
  EXPECT_EQ(sys::switchTable(1000, 128, {"253:1", "253:2"}),
            (DeviceTable{{{0, 1000}, "switch", "2 128 0 253:1 0 253:2 0"}}));
}

TEST(SwitchMessage, CountsRegionsInHexadecimal) {
  EXPECT_EQ(sys::switchMessage({{0, 128}}, 128, 1), "set_region_mappings 0:1");
  EXPECT_EQ(sys::switchMessage({{2048, 2048}, {0, 256}}, 128, 1),
            "set_region_mappings 0:1 R1,1 10:1 R1,f");
}

TEST(SwitchMessage, TakesALastRegionThatIsNotWhole) {
  EXPECT_EQ(sys::switchMessage({{0, 1000}}, 128, 0), "set_region_mappings 0:0 R1,7");
}

TEST(SwitchMessage, RefusesToBeginInsideARegion) {
  EXPECT_THROW(sys::switchMessage({{4, 128}}, 128, 1), std::invalid_argument);
}

}  // namespace
