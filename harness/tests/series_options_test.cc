// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/parsed_options.h"

namespace runner {
namespace {

using ::testing::HasSubstr;

TEST(SeriesOptions, AreThoseOfCheckOrExport) {
  EXPECT_EQ(parsed({"series", "check"}).series.command, SeriesOptions::Command::check);
  EXPECT_EQ(parsed({"series", "check", "--tree", "6.1.y,5.10.y"}).series.trees, "6.1.y,5.10.y");
  const Options options = parsed({"series", "export", "--tree", "6.1.y", "--debian", "/tmp/x"});
  EXPECT_EQ(options.command, Options::Command::series);
  EXPECT_EQ(options.series.command, SeriesOptions::Command::exportSeries);
  EXPECT_EQ(options.series.debian, "/tmp/x");
  const Options mails = parsed({"series", "export", "--tree", "mainline", "--series", "a-syncfs",
                                "--git", "/l", "--base", "v7.3", "--to", "/m"});
  EXPECT_EQ(mails.series.with, "a-syncfs");
  EXPECT_EQ(mails.series.git, "/l");
  EXPECT_EQ(mails.series.base, "v7.3");
  EXPECT_EQ(mails.series.to, "/m");
  EXPECT_EQ(parsed({"series", "check", "--only", "applies"}).series.only, "applies");
}

TEST(SeriesOptions, SayWhatIsMissing) {
  EXPECT_THAT(refusal({"series"}), HasSubstr("check, export or tree"));
  EXPECT_THAT(refusal({"series", "export", "--debian", "x"}), HasSubstr("--tree"));
  EXPECT_THAT(refusal({"series", "export", "--tree", "6.1.y"}), HasSubstr("--debian"));
  EXPECT_THAT(refusal({"series", "export", "--tree", "6.1.y", "--debian", "x", "--to", "y"}),
              HasSubstr("stands without"));
  EXPECT_THAT(refusal({"series", "export", "--tree", "6.1.y", "--to", "y", "--base", "x"}),
              HasSubstr("--git"));
  EXPECT_THAT(refusal({"series", "tree"}), HasSubstr("name the folder"));
  EXPECT_THAT(refusal({"series", "chekc"}), HasSubstr("'chekc'"));
  EXPECT_THAT(refusal({"series", "check", "--tre", "x"}), HasSubstr("Did you mean '--tree'"));
}

}  // namespace
}  // namespace runner
