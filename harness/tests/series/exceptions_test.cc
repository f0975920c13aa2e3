// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "runner/base/failure.h"
#include "runner/kernels/series.h"
#include "runner/kernels/trees.h"
#include "series/check/finding.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ExceptionsTest : public testing::Test {
 protected:
  std::vector<Exception> read(const std::string& text) {
    return readExceptions(scratch_.write("exceptions.toml", text));
  }
  ScratchDirectory scratch_;
};

TEST_F(ExceptionsTest, ExcuseWhatTheyName) {
  const auto exceptions = read(
      "[[exception]]\ncheck = \"checkpatch\"\npatch = \"*/a-syncfs/*\"\nsays = \"LONG_LINE\"\n"
      "reason = \"a table\"\n");
  const Finding excused =
      findingOf(Check::checkpatch, "mainline/a-syncfs/1", {"CHECK:LONG_LINE: x"}, exceptions);
  EXPECT_TRUE(excused.clean);
  EXPECT_THAT(excused.excused, ElementsAre("CHECK:LONG_LINE: x (a table)"));
  for (const auto& [check, patch, says] :
       {std::tuple(Check::sparse, "mainline/a-syncfs/1", "CHECK:LONG_LINE: x"),
        std::tuple(Check::checkpatch, "mainline/b-volatile-failstop/1", "CHECK:LONG_LINE: x"),
        std::tuple(Check::checkpatch, "mainline/a-syncfs/1", "ERROR: y")}) {
    EXPECT_FALSE(findingOf(check, patch, {says}, exceptions).clean) << says;
  }
}

// Whether it excuses a case that fails without another series than the named one.
bool isAboutAnother(const Exception& exception, const std::string& name, const Trees& trees) {
  return std::ranges::any_of(trees.series, [&](const SeriesEntry& entry) {
    return entry.name != name && std::ranges::any_of(entry.proves, [&](const std::string& id) {
             return exception.says.starts_with(id + ".");
           });
  });
}

// A complete series must pass its cases, whatever was excused before.
TEST(ExceptionsOfTheProject, LetNoSeriesEndWithACaseThatFails) {
  const auto exceptions = readExceptions(PROJECT_ROOT "/patches/exceptions.toml");
  ASSERT_FALSE(exceptions.empty());
  const Trees trees = loadTrees(PROJECT_ROOT);
  for (const Tree& tree : trees.all) {
    for (const std::filesystem::path& directory : tree.series) {
      const std::string name = nameOfPatch(tree.name, readSeries({directory}).patches.back());
      for (const Exception& exception : exceptions) {
        if (isAboutAnother(exception, directory.filename(), trees)) continue;
        EXPECT_FALSE(exception.isFor(Check::suite, name)) << name << ": " << exception.says;
      }
    }
  }
}

TEST_F(ExceptionsTest, MustBeComplete) {
  try {
    read("[[exception]]\ncheck = \"checkpatch\"\npatch = \"*\"\nsays = \"x\"\n");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("needs its reason"));
  }
  EXPECT_THROW(read("[[exception"), Failure);
  EXPECT_THAT(read(""), IsEmpty());
}

}  // namespace
}  // namespace runner
