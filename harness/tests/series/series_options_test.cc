// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "series/command.h"
#include "tests/support/parsed_options.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(std::vector<const char*> words) {
  return refusal(seriesCommandLine(), std::move(words));
}

TEST(SeriesOptions, AreThoseOfCheckOrExport) {
  EXPECT_EQ(parsed(checkCommand(), {"--tree", "6.1.y,5.10.y"}).trees, "6.1.y,5.10.y");
  const SeriesOptions options = parsed(exportCommand(), {"--tree", "6.1.y", "--debian", "/tmp/x"});
  EXPECT_EQ(options.debian, "/tmp/x");
  const SeriesOptions mails =
      parsed(exportCommand(), {"--tree", "mainline", "--series", "a-syncfs", "--git", "/l",
                               "--base", "v7.3", "--to", "/m"});
  EXPECT_EQ(mails.with, "a-syncfs");
  EXPECT_EQ(mails.git, "/l");
  EXPECT_EQ(mails.base, "v7.3");
  EXPECT_EQ(mails.to, "/m");
  EXPECT_EQ(parsed(checkCommand(), {"--only", "applies"}).only, "applies");
  EXPECT_EQ(parsed(treeCommand(), {"/t"}).directory, "/t");
}

TEST(SeriesOptions, SayWhatIsMissing) {
  EXPECT_THAT(refusal({}), HasSubstr("check, export, tree"));
  EXPECT_THAT(refusal({"export", "--debian", "x"}), HasSubstr("--tree is required"));
  EXPECT_THAT(refusal({"export", "--tree", "6.1.y"}), HasSubstr("--debian"));
  EXPECT_THAT(refusal({"export", "--tree", "6.1.y", "--debain", "x"}),
              HasSubstr("Did you mean '--debian'"));
  EXPECT_THAT(refusal({"export", "--tree", "6.1.y", "--debian", "x", "--to", "y"}),
              HasSubstr("--to excludes --debian"));
  EXPECT_THAT(refusal({"export", "--tree", "6.1.y", "--to", "y", "--base", "x"}),
              HasSubstr("--base requires --git"));
  EXPECT_THAT(refusal({"tree"}),
              AllOf(HasSubstr("DIR is required"), HasSubstr("`ovl-syncfs series tree --help`")));
  EXPECT_THAT(refusal({"chekc"}), HasSubstr("unknown command 'chekc'. Did you mean 'check'"));
  EXPECT_THAT(refusal({"check", "--tre", "x"}),
              AllOf(HasSubstr("`ovl-syncfs series check`"), HasSubstr("Did you mean '--tree'")));
}

}  // namespace
}  // namespace runner
