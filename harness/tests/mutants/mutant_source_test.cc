// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/mutant_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/kernel_fixture.h"

namespace runner {
namespace {

using testing::HasSubstr;

class MutantSourceTest : public KernelTest {
 protected:
  std::vector<PatchedFile> files() {
    const Tree tree = loadTrees(request_.project).standard();
    return patchedFilesOf(tree, readSeries(tree.series), cache_, progress_);
  }
};

// It would wait for itself otherwise.
TEST_F(MutantSourceTest, IsReadWhileAnotherRunHoldsTheLock) {
  fetch();
  const CacheLock held = cache_.lock("mainline");
  const auto changed = files();
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].name, "main.c");
  EXPECT_THAT(changed[0].text, HasSubstr("return 7;"));
  EXPECT_EQ(changed[0].added.count(2), 1u);
  EXPECT_EQ(leftovers(), 0u);
}

TEST_F(MutantSourceTest, LeavesTheSourceInTheCacheAsItIs) {
  fetch();
  provide();
  std::vector<std::filesystem::path> before, after;
  const auto list = [&](auto& paths) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(cache_.directory("source"))) {
      paths.push_back(entry.path());
    }
  };
  list(before);
  EXPECT_EQ(files().size(), 1u);
  list(after);
  EXPECT_EQ(before, after);
}

TEST_F(MutantSourceTest, APatchThatDoesNotApplyIsNamed) {
  fetch();
  scratch_.write("project/patches/mainline/a-syncfs/0001.patch",
                 "\n--- a/main.c\n+++ b/main.c\n@@ -1,1 +1,1 @@\n-no such line\n+another\n");
  try {
    files();
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::build);
    EXPECT_THAT(failure.what(), HasSubstr("0001"));
  }
  EXPECT_EQ(leftovers(), 0u);
}

}  // namespace
}  // namespace runner
