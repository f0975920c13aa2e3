// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/series_fit.h"

#include <gmock/gmock.h>

#include "tests/support/series_fixture.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SeriesFitTest : public SeriesTest {
 protected:
  SeriesFitTest() {
    scratch_.write("tree/fs/sync.c", kSync);
    scratch_.write("tree/fs/open.c", "open\n");
  }
  SeriesFit applied() {
    return applySeries(readSeries({scratch_ / "a-syncfs"}), scratch_ / "tree", progress_);
  }
};

TEST_F(SeriesFitTest, NamesTheHunksThatMoved) {
  scratch_.write("tree/fs/sync.c", std::string("zero\n") + kSync);
  const SeriesFit fit = applied();
  EXPECT_EQ(fit.hunks(), 2u);
  EXPECT_THAT(fit.moved(),
              ElementsAre("a-syncfs/0001-first: fs/sync.c: hunk 1 at line 2, 1 line down"));
  EXPECT_THAT(fit.fuzzy(), IsEmpty());
  EXPECT_EQ(fit.refusal(), "");
}

TEST_F(SeriesFitTest, NamesAllConflictsOfAllPatches) {
  scratch_.write("a-syncfs/series", "0001-first.patch\n0002-second.patch\n0003-third.patch\n");
  scratch_.write("a-syncfs/0002-second.patch",
                 "--- a/fs/open.c\n+++ b/fs/open.c\n@@ -1 +1 @@\n-open\n+OPEN\n");
  scratch_.write("a-syncfs/0003-third.patch",
                 "--- a/fs/none.c\n+++ b/fs/none.c\n@@ -1 +1 @@\n-x\n+y\n");
  scratch_.write("tree/fs/sync.c", "other\n");
  const SeriesFit fit = applied();
  EXPECT_EQ(fit.count(Fit::conflict), 2u);
  EXPECT_THAT(
      fit.refusal(),
      AllOf(HasSubstr("0001-first.patch does not apply:\n  fs/sync.c: hunk 1 at line 1, "
                      "conflict"),
            HasSubstr("+FOUR"), HasSubstr("0003-third.patch does not apply:"),
            HasSubstr("fs/none.c: the tree has no such file"), HasSubstr("may only follow")));
  EXPECT_THAT(fit.refusal(), testing::Not(HasSubstr("0002")));
  EXPECT_EQ(scratch_.read("tree/fs/open.c"), "OPEN\n");
}

TEST_F(SeriesFitTest, FindsThePatchesThatATreeHas) {
  scratch_.write("a-syncfs/series", "0001-first.patch\n0002-second.patch\n");
  scratch_.write("a-syncfs/0002-second.patch",
                 "--- a/fs/sync.c\n+++ b/fs/sync.c\n@@ -4 +4 @@\n-FOUR\n+VIER\n");
  const Series series = readSeries({scratch_ / "a-syncfs"});
  const auto in = [&] { return patchesIn(scratch_ / "tree", series, progress_); };
  EXPECT_THAT(in(), IsEmpty());
  applyPatch(fitOf(series.patches[0], scratch_ / "tree"), scratch_ / "tree");
  EXPECT_THAT(in(), ElementsAre(series.patches[0]));
  // The second changes what the first has added.
  applyPatch(fitOf(series.patches[1], scratch_ / "tree"), scratch_ / "tree");
  EXPECT_EQ(in(), series.patches);
  EXPECT_THAT(scratch_.read("tree/fs/sync.c"), HasSubstr("VIER"));
}

}  // namespace
}  // namespace runner
