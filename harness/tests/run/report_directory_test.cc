// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/report_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// A long run, such as all mutants, may begin before ten others and end after them.
TEST(ReportDirectory, KeepsARunThatIsNotOverHoweverOldItIs) {
  const ScratchDirectory scratch;
  const Cache cache(scratch.path());
  const fs::path results = cache.directory("results");
  for (int second = 10; second < 25; ++second) {
    scratch.write("results/2026-01-01T00.00." + std::to_string(second) + "Z-1/results.json", "{}");
  }
  const TemporaryDirectory in_use(results / "2026-01-01T00.00.11Z-1");
  scratch.write("results/2026-01-01T00.00.12Z-1/.tmp-killed/console.log", "");
  const ReportDirectory now("", cache);
  now.publish();
  EXPECT_FALSE(fs::exists(results / "2026-01-01T00.00.10Z-1"));
  EXPECT_TRUE(fs::exists(in_use.path()));
  EXPECT_FALSE(fs::exists(results / "2026-01-01T00.00.12Z-1"));
  EXPECT_TRUE(fs::exists(results / "2026-01-01T00.00.24Z-1"));
}

}  // namespace
}  // namespace runner
