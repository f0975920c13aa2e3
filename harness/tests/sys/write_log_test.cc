// SPDX-License-Identifier: GPL-2.0-only
#include "sys/write_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sys/sector_range.h"
#include "sys/setup_error.h"

namespace {

using sys::kSectorBytes;
using sys::LoggedWrite;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Pair;

constexpr std::uint64_t kFlush = 1, kDiscard = 4, kMark = 8;

std::string number(std::uint64_t value, std::size_t bytes = 8) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string padded(std::string sector) {
  sector.resize(kSectorBytes, '\0');
  return sector;
}

std::string super(std::uint64_t entries, std::uint64_t version = 1, std::uint64_t bytes = 512) {
  return padded(number(0x6a736677736872) + number(version) + number(entries) + number(bytes, 4));
}

std::string entry(std::uint64_t sector, std::uint64_t count, std::uint64_t flags = 0) {
  return padded(number(sector) + number(count) + number(flags) + number(0));
}

std::string mark(const std::string& text) {
  return padded(number(0) + number(0) + number(kMark) + number(text.size()) + text);
}

std::string sectors(char content, std::size_t count) {
  return std::string(count * kSectorBytes, content);
}

std::string complaint(const std::string& log) {
  try {
    sys::parseWriteLog(log);
  } catch (const sys::SetupError& error) {
    return error.what();
  }
  return "no error";
}

TEST(WriteLog, GivesTheWritesInTheirOrder) {
  const std::string log = super(5) + entry(1000, 2) + sectors('a', 2) + entry(0, 0, kFlush) +
                          entry(7, 1, kFlush) + sectors('b', 1) + entry(64, 128, kDiscard) +
                          mark("dm-log-writes-end") + sectors('x', 9);
  EXPECT_THAT(sys::parseWriteLog(log).writes,
              ElementsAre(LoggedWrite{1000, sectors('a', 2)}, LoggedWrite{7, sectors('b', 1)}));
}

TEST(WriteLog, TellsWhatCameBeforeAMark) {
  const std::string log = super(5) + mark("begun") + entry(1000, 2) + sectors('a', 2) +
                          mark("synced") + entry(7, 1) + sectors('b', 1) +
                          mark("dm-log-writes-end");
  EXPECT_THAT(sys::parseWriteLog(log).marks, IsSupersetOf({Pair("begun", 0), Pair("synced", 1)}));
}

TEST(WriteLog, RefusesOneThatHadNoRoomForAll) {
  EXPECT_THAT(complaint(super(1) + entry(0, 1) + sectors('a', 1)), HasSubstr("too small"));
  EXPECT_THAT(complaint(super(1) + mark("another")), HasSubstr("too small"));
  EXPECT_THAT(complaint(super(0)), HasSubstr("too small"));
  EXPECT_THAT(complaint(super(2) + entry(0, 9) + sectors('a', 1)), HasSubstr("ends within"));
  EXPECT_THAT(complaint(super(1) + entry(0, ~0ULL)), HasSubstr("ends within"));
  EXPECT_THAT(complaint(super(3)), HasSubstr("ends within"));
}

TEST(WriteLog, RefusesWhatIsNone) {
  EXPECT_THAT(complaint(""), HasSubstr("ends within"));
  EXPECT_THAT(complaint(sectors('\0', 4)), HasSubstr("there is none"));
  EXPECT_THAT(complaint(super(1, 2) + mark("dm-log-writes-end")), HasSubstr("another version"));
  EXPECT_THAT(complaint(super(1, 1, 4096) + mark("dm-log-writes-end")), HasSubstr("512"));
}

}  // namespace
