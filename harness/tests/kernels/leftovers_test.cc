// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/leftovers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "runner/base/failure.h"
#include "sys/child_process.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class LeftoversTest : public testing::Test {
 protected:
  LeftoversTest() {
    scratch_.write(".gitignore", ".*\n!.gitignore\n*.o\n/include/config/\n/lib/crc32table.h\n");
    for (const char* source : {"Makefile", "fs/sync.c", "fs/blob.o"}) scratch_.write(source, "");
  }
  void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", scratch_.path().string()});
    ASSERT_TRUE(sys::runCommand({.arguments = arguments}).exit.ok());
  }
  void checkOut() {
    git({"init", "--quiet"});
    git({"add", "Makefile", "fs/sync.c"});
    git({"add", "--force", "fs/blob.o"});
  }
  void build() {
    for (const char* built : {".config", "include/config/auto.conf", "fs/sync.o", "fs/.sync.o.cmd",
                              "lib/crc32table.h"}) {
      scratch_.write(built, "");
    }
    scratch_.write("fs/new.c", "");  // not committed yet
  }
  std::set<std::string> rest() {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(scratch_.path())) {
      const std::string name = entry.path().lexically_relative(scratch_.path()).string();
      if (entry.is_regular_file() && !name.starts_with(".git")) names.insert(name);
    }
    leaveOutBuilt(scratch_.path(), names);
    return names;
  }
  std::string complaint() {
    try {
      rest();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage);
      return failure.what();
    }
    return "no failure";
  }
  ScratchDirectory scratch_;
};

TEST_F(LeftoversTest, AreWhatGitIgnores) {
  checkOut();
  build();
  EXPECT_THAT(rest(), ElementsAre("Makefile", "fs/blob.o", "fs/new.c", "fs/sync.c"));
}

TEST_F(LeftoversTest, ACleanTreeLosesNothing) {
  scratch_.write("fs/other.o", "");
  EXPECT_THAT(rest(), ElementsAre("Makefile", "fs/blob.o", "fs/other.o", "fs/sync.c"));
}

TEST_F(LeftoversTest, OfAnotherWorkTreeAreWhatKbuildRecorded) {
  for (const char* built : {"drivers/own/a.o", "drivers/own/.a.o.cmd"}) scratch_.write(built, "");
  EXPECT_THAT(rest(), ElementsAre("Makefile", "fs/blob.o", "fs/sync.c"));
}

TEST_F(LeftoversTest, AreRefusedWhereGitCannotTell) {
  build();
  EXPECT_THAT(complaint(), HasSubstr(".config exists")) << "no work tree";
  checkOut();
  // Git ignores the directory of the commit that is to be made.
  scratch_.write(".gitignore", "/*\n!/debian/\n*.o\n.config\n");
  EXPECT_THAT(complaint(), HasSubstr("mrproper"));
  scratch_.write(".gitignore", "*.o\n");
  EXPECT_THAT(complaint(), HasSubstr("mrproper")) << "nothing ignores .config";
}

}  // namespace
}  // namespace runner
