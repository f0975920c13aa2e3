// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/base/style.h"
#include "runner/reports/table.h"
#include "tests/support/lines.h"
#include "tests/support/sample_results.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::time_t kMade = 1795478400;  // 2026-11-24, at midnight UTC

std::string refusal(const std::filesystem::path& file, ExitStatus status) {
  try {
    checkTableFile(file);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), status);
    return failure.what();
  }
  return "no failure";
}

TEST(TableFile, SaysWhatMadeItAndWhen) {
  EXPECT_EQ(linesOf(tableText(samples::failedRun(), kMade)).front(), "ovl-syncfs v1, 2026-11-24");
  const std::string text = tableText(samples::matrix(), kMade);
  EXPECT_EQ(linesOf(text).front(), "ovl-syncfs v1, 2026-11-24");
  EXPECT_THAT(text, AllOf(HasSubstr("proves"), HasSubstr("\u2713"), Not(HasSubstr("\x1b")),
                          Not(HasSubstr("reports  "))));
  for (const std::string& line : linesOf(text)) EXPECT_LE(columnsOf(line), 120u) << line;
}

TEST(TableFile, IsWrittenAsAWholeOverAnOlderOne) {
  const ScratchDirectory scratch;
  scratch.write("table.txt", "what was there before");
  writeFileAtomically(scratch / "table.txt", "new\n");
  EXPECT_EQ(scratch.read("table.txt"), "new\n");
  std::filesystem::create_directory(scratch / "taken");
  scratch.write("taken/file", "");
  EXPECT_THROW(writeFileAtomically(scratch / "taken", "new\n"), Failure);
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::AnyOf("table.txt", "taken"))
        << "nothing is left behind";
  }
}

TEST(TableFile, IsRefusedBeforeAnythingRuns) {
  const ScratchDirectory scratch;
  EXPECT_NO_THROW(checkTableFile(scratch / "table.txt"));
  EXPECT_THAT(refusal(scratch / "none/table.txt", ExitStatus::usage),
              AllOf(HasSubstr("--table"), HasSubstr("there is no directory")));
  EXPECT_THAT(refusal(scratch.path(), ExitStatus::usage), HasSubstr("is a directory"));
  EXPECT_THAT(refusal(scratch.path().string() + "/new/", ExitStatus::usage),
              HasSubstr("is a directory"));
  EXPECT_THAT(refusal("/proc/self/table.txt", ExitStatus::environment),
              HasSubstr("cannot write to /proc/"));
}

}  // namespace
}  // namespace runner
