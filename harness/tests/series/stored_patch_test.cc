// SPDX-License-Identifier: GPL-2.0-only
#include "series/stored_patch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

TEST(StoredPatch, IsParsed) {
  const StoredPatch patch = parsePatch(
      "Subject: [PATCH RFC 6.1.y 2/4] fs: let a superblock name the errseq that\n syncfs checks\n\n"
      "Why.\n\nLink: x\n---\n f | 2 +-\n\n--- a/f\n+++ b/f\n");
  EXPECT_EQ(patch.prefix, "PATCH RFC 6.1.y 2/4");
  EXPECT_EQ(patch.extraPrefix(), "RFC 6.1.y");
  EXPECT_EQ(patch.subject, "fs: let a superblock name the errseq that syncfs checks");
  EXPECT_EQ(patch.message, "Why.\n\nLink: x");
  EXPECT_EQ(patch.diff, "---\n f | 2 +-\n\n--- a/f\n+++ b/f\n");
}

TEST(StoredPatch, OfACoverLetterEndsBeforeItsDiffstat) {
  const StoredPatch cover = parsePatch(
      "Subject: [PATCH 0/2] ovl: x\n\nA | table is no diffstat.\n\nCc: y\n\n"
      " fs/sync.c     | 2 +-\n 1 file changed\n");
  EXPECT_EQ(cover.message, "A | table is no diffstat.\n\nCc: y");
  EXPECT_EQ(cover.extraPrefix(), "");
  EXPECT_EQ(cover.diff, "");
}

TEST(StoredPatch, HasASubjectAndADiff) {
  const ScratchDirectory scratch;
  EXPECT_THROW(parsePatch("no subject\n\n---\n"), Failure);
  EXPECT_THROW(readPatch(scratch.write("1.patch", "Subject: x\n\nWhy.\n")), Failure);
  EXPECT_THROW(readCover(scratch / "nowhere"), Failure);
}

TEST(NeededBy, IsWhatTheFileLists) {
  const ScratchDirectory scratch;
  scratch.write("c/series", "1.patch\n");
  EXPECT_THAT(neededBy(scratch / "c"), testing::IsEmpty());
  scratch.write("c/needs", "b\n");
  EXPECT_THROW(neededBy(scratch / "c"), Failure);
  scratch.write("b/series", "1.patch\n");
  EXPECT_THAT(neededBy(scratch / "c"), testing::ElementsAre(scratch / "b"));
}

}  // namespace
}  // namespace runner
