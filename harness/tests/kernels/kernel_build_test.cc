// SPDX-License-Identifier: GPL-2.0-only
// From the name of one of our trees to its image.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/kernels/build.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"
#include "sys/child_process.h"
#include "tests/support/kernel_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(CompilerTool, NamesThePackageOfACrossCompilerThatIsMissing) {
  architectures::Architecture other = architectures::x86_64();
  other.compiler_prefix = "none-linux-gnu-";
  other.compiler_package = "gcc-none-linux-gnu";
  try {
    compilerTool(other, "ld");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::environment);
    EXPECT_STREQ(failure.what(),
                 "`none-linux-gnu-ld` is missing: apt-get install gcc-none-linux-gnu");
  }
}

TEST_F(KernelTest, BuildsATreeWithItsSeriesAndWithout) {
  fetch();
  const Kernel on = provide();
  EXPECT_FALSE(on.own);
  EXPECT_EQ(on.identity.tree, "mainline");
  EXPECT_EQ(on.identity.release, "7.3.4");
  EXPECT_EQ(on.identity.source, "linux 7.3.4-1, pristine");
  EXPECT_EQ(on.identity.series, "a-syncfs (1 patch)");
  EXPECT_EQ(on.identity.key.size(), 64u);
  EXPECT_EQ(on.identity.config_hash, hashOfFile(on.image.parent_path() / "config"));
  EXPECT_THAT(on.identity.compiler, HasSubstr("gcc"));
  EXPECT_EQ(exitCodeOf(on.image), 7);
  request_.series_on = false;
  const Kernel off = provide();
  EXPECT_EQ(off.identity.series, "off");
  EXPECT_EQ(exitCodeOf(off.image), 0);
  // Both were built in the same directory.
  const auto entries = fs::directory_iterator(cache_.directory("build"));
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
  EXPECT_EQ(leftovers(), 0u);
}

TEST_F(KernelTest, ASecondRunTakesTheImageFromTheCache) {
  fetch();
  const Kernel first = provide();
  EXPECT_THAT(progress_.steps, Not(IsEmpty()));
  progress_ = {};
  const Kernel second = provide();
  EXPECT_EQ(second.image, first.image);
  EXPECT_EQ(second.identity.key, first.identity.key);
  EXPECT_THAT(progress_.steps, IsEmpty());
}

TEST_F(KernelTest, AnotherPatchFragmentOrMachineMakesAnotherImage) {
  fetch();
  const Kernel first = provide();
  scratch_.write("project/patches/mainline/a-syncfs/0001.patch", std::string(kPatch) + "x\n");
  const Kernel patched = provide();
  EXPECT_NE(patched.image, first.image);
  scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_MORE=y\n");
  const Kernel configured = provide();
  EXPECT_NE(configured.image, patched.image);
  scratch_.write("project/kernel-overlay/config/common.config", "# A comment.\nCONFIG_MORE=y\n");
  EXPECT_EQ(provide().image, configured.image);
  request_.architecture = &architectures::x86_64();
  EXPECT_NE(provide().image, configured.image);
}

TEST_F(KernelTest, IsReconfiguredOnlyIfThatMayMatter) {
  fetch();
  const auto configured = [&] {
    progress_ = {};
    provide();
    return std::count_if(progress_.steps.begin(), progress_.steps.end(),
                         [](const auto& step) { return step.rfind("configure ", 0) == 0; });
  };
  const auto patch = [&](const std::string& text) {
    scratch_.write("project/patches/mainline/a-syncfs/0001.patch", kPatch + text);
  };
  EXPECT_EQ(configured(), 1);
  patch("x\n");
  EXPECT_EQ(configured(), 0);
  patch("This changes Kconfig.\n");
  EXPECT_EQ(configured(), 1);
  scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_MORE=y\n");
  EXPECT_EQ(configured(), 1);
  // The .config was modified by hand.
  for (const auto& entry : fs::directory_iterator(cache_.directory("build"))) {
    std::ofstream(entry.path() / ".config", std::ios::app) << "CONFIG_FOREIGN=y\n";
  }
  patch("y\n");
  EXPECT_EQ(configured(), 1);
}

TEST_F(KernelTest, ADebugKernelIsAnother) {
  fetch();
  const Kernel plain = provide();
  request_.lane = "debug";
  const Kernel debug = provide();
  EXPECT_NE(debug.image, plain.image);
  EXPECT_EQ(debug.identity.lane, "debug");
  EXPECT_THAT(readFile(debug.image.parent_path() / "config"), HasSubstr("CONFIG_KASAN=y"));
  request_.lane = "";
  progress_ = {};
  const Kernel again = provide();
  EXPECT_EQ(again.identity.lane, "");
  EXPECT_EQ(again.image, plain.image);
  EXPECT_EQ(again.identity.key, plain.identity.key);
  EXPECT_THAT(progress_.steps, IsEmpty());
}

TEST_F(KernelTest, KeepsOneImageOfEachMutant) {
  fetch();
  const fs::path series = provide().image;
  const auto mutant = [&](const std::string& name, const std::string& value) {
    request_.mutant = scratch_.write("mutants/" + name + ".patch",
                                     "--- a/main.c\n+++ b/main.c\n@@ -1,2 +1,2 @@\n"
                                     " const char *banner = \"Linux version 7.3.4 (x) User Mode "
                                     "Linux v\";\n-int main(void) { return 7; }\n+int main(void) { "
                                     "return " +
                                         value + "; }\n");
    return provide();
  };
  const Kernel first = mutant("a1-first", "1");
  EXPECT_EQ(exitCodeOf(first.image), 1);
  EXPECT_EQ(first.identity.series, "a-syncfs (1 patch) and the mutant a1-first");
  // More images than are kept of a series.
  for (const char* value : {"2", "3", "4", "5", "6", "8", "9"}) {
    EXPECT_EQ(exitCodeOf(mutant(std::string("a2-") + value, value).image), std::stoi(value));
  }
  EXPECT_TRUE(fs::exists(first.image));
  EXPECT_TRUE(fs::exists(series));
  const Kernel changed = mutant("a1-first", "10");
  EXPECT_EQ(exitCodeOf(changed.image), 10);
  EXPECT_FALSE(fs::exists(first.image));
  // Mutants without a patch are removed; "a2" is the prefix of many names, but no name itself.
  forgetMutants(request_, {"a1-first", "a2", "a2-3"}, cache_);
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(cache_.directory("images"))) {
    count += entry.path().filename().string().find("+mutant-") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(count, 2u);
  EXPECT_TRUE(fs::exists(changed.image));
  EXPECT_TRUE(fs::exists(series));
  // The series is what it was.
  request_.mutant.clear();
  EXPECT_EQ(exitCodeOf(provide().image), 7);
}

TEST_F(KernelTest, RebuildsADamagedImage) {
  fetch();
  const Kernel kernel = provide();
  fs::resize_file(kernel.image, 100);
  EXPECT_EQ(exitCodeOf(provide().image), 7);
  EXPECT_THAT(progress_.notes, Contains(HasSubstr("truncated")));
  // The same length, another content.
  progress_ = {};
  std::fstream(kernel.image, std::ios::in | std::ios::out | std::ios::binary) << "damage";
  EXPECT_EQ(exitCodeOf(provide().image), 7);
  EXPECT_THAT(progress_.notes, Contains(HasSubstr("modified")));
  progress_ = {};
  fs::remove(kernel.image.parent_path() / "kernel.json");
  EXPECT_EQ(exitCodeOf(provide().image), 7);
  EXPECT_THAT(progress_.notes, Contains(HasSubstr("kernel.json")));
}

TEST_F(KernelTest, TwoRunsAtOnceBuildOnce) {
  fetch();
  RecordingProgress other_progress;
  Kernel other;
  std::thread second([&] { other = provideKernel(request_, cache_, other_progress); });
  const Kernel kernel = provide();
  second.join();
  EXPECT_EQ(other.image, kernel.image);
  const auto builds = [](const RecordingProgress& progress) {
    return std::count_if(progress.steps.begin(), progress.steps.end(),
                         [](const auto& step) { return step.rfind("build ", 0) == 0; });
  };
  EXPECT_EQ(builds(progress_) + builds(other_progress), 1);
}

TEST_F(KernelTest, ALostOptionIsABuildFailure) {
  fetch();
  scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_A=y\nCONFIG_UNKNOWN=y\n");
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::build);
  EXPECT_THAT(text,
              AllOf(HasSubstr("common.config:2: CONFIG_UNKNOWN=y"), Not(HasSubstr("CONFIG_A"))));
}

TEST_F(KernelTest, ACompileErrorIsNamedWithoutTheRestOfTheLog) {
  scratch_.write("linux-7.3.4/main.c", "int main(void) { return nothing; }\n");
  fetch();
  request_.series_on = false;
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::build);
  EXPECT_THAT(text, AllOf(HasSubstr("nothing"), HasSubstr("error:"), HasSubstr("build.log"),
                          Not(HasSubstr("make: ***"))));
  EXPECT_EQ(leftovers(), 0u);
}

TEST_F(KernelTest, APatchThatDoesNotApplyIsABuildFailure) {
  scratch_.write("linux-7.3.4/main.c", "int main(void) { return 0; }\n");
  fetch();
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::build);
  EXPECT_THAT(text, AllOf(HasSubstr("0001.patch"), HasSubstr("main.c: hunk 1")));
}

TEST_F(KernelTest, SaysThatTheSeriesWasMadeOnAnotherRelease) {
  fetch();
  provide();
  const auto says =
      Contains(AllOf(HasSubstr("made on Linux 7.3.3"), HasSubstr("to 7.3.4 cleanly")));
  EXPECT_THAT(progress_.notes, Not(says));
  scratch_.write("project/patches/mainline/BASE", "linux-7.3.3\n");
  EXPECT_EQ(provide().identity.base, "7.3.3");
  EXPECT_THAT(progress_.notes, says) << "of the image in the cache";
  progress_ = {};
  scratch_.write("project/patches/mainline/a-syncfs/0001.patch", std::string("x\n") + kPatch);
  provide();
  EXPECT_THAT(progress_.notes, says) << "of a new one";
}

TEST_F(KernelTest, CacheUsageIsShownOnTheScreenOnly) {
  fetch();
  provide();
  EXPECT_THAT(progress_.remarks, ElementsAre(HasSubstr("kept in")));
  EXPECT_THAT(progress_.notes, Not(Contains(HasSubstr("kept in"))));
}

TEST_F(KernelTest, NotesHunksThatAppliedWithFuzz) {
  scratch_.write("project/patches/mainline/a-syncfs/0001.patch",
                 std::string(kPatch).replace(std::string(kPatch).find("(x)"), 3, "(y)"));
  scratch_.write("linux-7.3.4/main.c", std::string(kMain) + "\n\n");
  fetch();
  EXPECT_THAT(provide().identity.fuzzy, ElementsAre(HasSubstr("main.c: hunk 1")));
  EXPECT_THAT(progress_.notes, Contains(HasSubstr("with fuzz")));
}

TEST_F(KernelTest, AConflictOnAnotherReleaseNamesBoth) {
  scratch_.write("project/patches/mainline/BASE", "linux-7.3.3\n");
  scratch_.write("linux-7.3.4/main.c", "int main(void) { return 0; }\n");
  fetch();
  EXPECT_THAT(complaint().second,
              AllOf(HasSubstr("main.c: hunk 1"), HasSubstr("made on Linux 7.3.3"),
                    HasSubstr("this is 7.3.4")));
}

TEST_F(KernelTest, AnUnknownTreeIsAUsageError) {
  request_.tree = "nightly";
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::usage);
  EXPECT_THAT(text, AllOf(HasSubstr("\"nightly\""), HasSubstr("mainline")));
}

}  // namespace
}  // namespace runner
