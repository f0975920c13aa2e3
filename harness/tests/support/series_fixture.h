// SPDX-License-Identifier: GPL-2.0-only
// A source of two files, and a series of one patch for it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/series.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {

inline constexpr const char* kSync = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";
inline constexpr const char* kFirst = R"(Subject: say four louder

--- a/fs/sync.c
+++ b/fs/sync.c
@@ -1,7 +1,7 @@
 one
 two
 three
-four
+FOUR
 five
 six
 seven
--- /dev/null
+++ b/fs/new.c
@@ -0,0 +1 @@
+new
)";

class SeriesTest : public testing::Test {
 protected:
  SeriesTest() {
    scratch_.write("source/pristine/fs/sync.c", kSync);
    scratch_.write("source/pristine/fs/open.c", "open\n");
    std::filesystem::create_symlink("sync.c", scratch_ / "source/pristine/fs/link.c");
    scratch_.write("a-syncfs/series", "# the order\n0001-first.patch # a comment\n\n");
    scratch_.write("a-syncfs/0001-first.patch", kFirst);
  }
  PatchedTree patch() {
    return patchedTree(scratch_ / "source/pristine", readSeries({scratch_ / "a-syncfs"}),
                       progress_);
  }
  std::filesystem::path apply() { return patch().path; }
  std::string complaint() {
    try {
      apply();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::build);
      return failure.what();
    }
    return "no failure";
  }
  ScratchDirectory scratch_;
  RecordingProgress progress_;
};

}  // namespace runner
