// SPDX-License-Identifier: GPL-2.0
// From a named kernel to its image, with a source whose Makefile only looks like the kernel's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "runner/failure.h"
#include "runner/kernel/build.h"
#include "runner/kernel/image_cache.h"
#include "runner/kernel/kernel.h"
#include "runner/kernel/own_kernel.h"
#include "runner/kernel/source.h"
#include "runner/kernel/trees.h"
#include "runner/read_file.h"
#include "sys/child_process.h"
#include "tests/fake_archive.h"
#include "tests/recording_progress.h"
#include "tests/scratch_folder.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Targets and output as kbuild's: an unknown option vanishes in olddefconfig.
constexpr const char* kMakefile = R"(
tinyconfig:
	@echo CONFIG_TINY=y > $(O)/.config
olddefconfig:
	@sed -i /CONFIG_UNKNOWN/d $(O)/.config
linux vmlinux:
	@mkdir -p $(O)/include/config
	@echo 7.3.4 > $(O)/include/config/kernel.release
	@echo "  CC      main.o"
	@$(CC) -c -o $(O)/main.o main.c
	@echo "  LD      $@"
	@$(CC) -o $(O)/$@ $(O)/main.o
)";
constexpr const char* kMain =
    "const char *banner = \"Linux version 7.3.4 (x) User Mode Linux v\";\n"
    "int main(void) { return 0; }\n";
constexpr const char* kTrees = R"(default = "mainline"
[[tree]]
name = "mainline"
version = "7.3"
suites = [{ archive = "debian", suite = "test" }]
series = ["a-syncfs"]
config.uml = ["common.config"]
config.qemu = ["common.config"]
config.debug = { uml = ["debug.config"], qemu = ["debug.config"] }
)";
constexpr const char* kPatch = R"(
--- a/main.c
+++ b/main.c
@@ -1,2 +1,2 @@
 const char *banner = "Linux version 7.3.4 (x) User Mode Linux v";
-int main(void) { return 0; }
+int main(void) { return 7; }
)";

class KernelTest : public testing::Test {
 protected:
  KernelTest() {
    writeSource("linux-7.3.4");
    scratch_.write("project/kernel-overlay/trees.toml", kTrees);
    scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_OVERLAY_FS=y\n");
    scratch_.write("project/kernel-overlay/config/debug.config", "CONFIG_KASAN=y\n");
    scratch_.write("project/patches/mainline/a-syncfs/series", "0001.patch\n");
    scratch_.write("project/patches/mainline/a-syncfs/0001.patch", kPatch);
    request_.project = scratch_ / "project";
  }
  void writeSource(const std::string& folder) {
    scratch_.write(folder + "/Makefile", kMakefile);
    scratch_.write(folder + "/main.c", kMain);
    for (const char* file : {"/Kconfig", "/arch/x86/Kconfig", "/fs/overlayfs/super.c"}) {
      scratch_.write(folder + file, "");
    }
  }
  // Puts a release into the cache, so that the tree needs no network.
  void fetch() {
    FakeArchive archive;
    archive.addSource("7.3.4-1", scratch_ / "linux-7.3.4");
    archive.publish();
    fetchSource(loadTrees(request_.project).standard(), cache_, progress_,
                {{archive.mirrors()}, SigningKey::shared().keyring()});
    progress_ = {};
  }
  Kernel provide() { return provideKernel(request_, cache_, progress_); }
  Kernel provide(const std::string& tree) {
    request_.tree = tree;
    return provide();
  }
  std::pair<ExitStatus, std::string> complaint() {
    try {
      provide();
    } catch (const Failure& failure) {
      return {failure.status(), failure.what()};
    }
    return {ExitStatus::pass, "no failure"};
  }
  static int exitCodeOf(const fs::path& program) {
    return sys::runCommand({{program.string()}}).exit.code;
  }
  std::size_t leftovers() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(cache_.root())) {
      count += entry.path().filename().string().rfind(".tmp-", 0) == 0 ? 1 : 0;
    }
    return count;
  }

  ScratchFolder scratch_;
  Cache cache_{scratch_ / "cache"};
  RecordingProgress progress_;
  KernelRequest request_;
};

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
  scratch_.write("project/patches/mainline/a-syncfs/0001.patch", std::string("x\n") + kPatch);
  const Kernel patched = provide();
  EXPECT_NE(patched.image, first.image);
  scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_MORE=y\n");
  const Kernel configured = provide();
  EXPECT_NE(configured.image, patched.image);
  request_.machine = qemu::Kind::qemu;
  EXPECT_NE(provide().image, configured.image);
}

TEST_F(KernelTest, IsConfiguredAnewOnlyWhenThatCanMakeADifference) {
  fetch();
  const auto configured = [&] {
    progress_ = {};
    provide();
    return std::count_if(progress_.steps.begin(), progress_.steps.end(),
                         [](const auto& step) { return step.rfind("configure ", 0) == 0; });
  };
  const auto patch = [&](const std::string& text) {
    scratch_.write("project/patches/mainline/a-syncfs/0001.patch", text + kPatch);
  };
  EXPECT_EQ(configured(), 1);
  patch("x\n");
  EXPECT_EQ(configured(), 0);
  patch("This changes Kconfig.\n");
  EXPECT_EQ(configured(), 1);
  scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_MORE=y\n");
  EXPECT_EQ(configured(), 1);
  // Somebody has been at it.
  for (const auto& entry : fs::directory_iterator(cache_.folder("build"))) {
    std::ofstream(entry.path() / ".config", std::ios::app) << "CONFIG_FOREIGN=y\n";
  }
  patch("y\n");
  EXPECT_EQ(configured(), 1);
}

TEST_F(KernelTest, ADebugKernelIsAnother) {
  fetch();
  const Kernel plain = provide();
  request_.debug = true;
  const Kernel debug = provide();
  EXPECT_NE(debug.image, plain.image);
  EXPECT_TRUE(debug.identity.debug);
  EXPECT_THAT(readFile(debug.image.parent_path() / "config"), HasSubstr("CONFIG_KASAN=y"));
  request_.debug = false;
  progress_ = {};
  const Kernel again = provide();
  EXPECT_FALSE(again.identity.debug);
  EXPECT_EQ(again.image, plain.image);
  EXPECT_EQ(again.identity.key, plain.identity.key);
  EXPECT_THAT(progress_.steps, IsEmpty());
}

TEST_F(KernelTest, OfEachMutantOneImageStays) {
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
  // More than would stay of a series.
  for (const char* value : {"2", "3", "4", "5", "6", "8", "9"}) {
    EXPECT_EQ(exitCodeOf(mutant(std::string("a2-") + value, value).image), std::stoi(value));
  }
  EXPECT_TRUE(fs::exists(first.image));
  EXPECT_TRUE(fs::exists(series));
  const Kernel changed = mutant("a1-first", "10");
  EXPECT_EQ(exitCodeOf(changed.image), 10);
  EXPECT_FALSE(fs::exists(first.image));
  // What has no patch any more goes; "a2" alone is the beginning of many names and none itself.
  forgetMutants(request_, {"a1-first", "a2", "a2-3"}, cache_);
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(cache_.folder("images"))) {
    count += entry.path().filename().string().find("+mutant-") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(count, 2u);
  EXPECT_TRUE(fs::exists(changed.image));
  EXPECT_TRUE(fs::exists(series));
  // The series is what it was.
  request_.mutant.clear();
  EXPECT_EQ(exitCodeOf(provide().image), 7);
}

TEST_F(KernelTest, ADamagedImageIsNoticedAndBuiltAgain) {
  fetch();
  const Kernel kernel = provide();
  fs::resize_file(kernel.image, 100);
  EXPECT_EQ(exitCodeOf(provide().image), 7);
  EXPECT_THAT(progress_.notes, Contains(HasSubstr("cut off")));
  // The same length, another content.
  progress_ = {};
  std::fstream(kernel.image, std::ios::in | std::ios::out | std::ios::binary) << "damage";
  EXPECT_EQ(exitCodeOf(provide().image), 7);
  EXPECT_THAT(progress_.notes, Contains(HasSubstr("changed")));
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
  EXPECT_THAT(text, AllOf(HasSubstr("0001.patch"), HasSubstr("main.c: Hunk #1")));
}

TEST_F(KernelTest, AnUnknownTreeIsAUsageError) {
  request_.tree = "nightly";
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::usage);
  EXPECT_THAT(text, AllOf(HasSubstr("\"nightly\""), HasSubstr("mainline")));
}

TEST_F(KernelTest, BuildsTheUsersFolderAndWritesNothingIntoIt) {
  writeSource("own");
  const auto before = fs::last_write_time(scratch_ / "own");
  const Kernel kernel = provide((scratch_ / "own").string());
  EXPECT_TRUE(kernel.own);
  EXPECT_EQ(kernel.identity.series, "not ours");
  EXPECT_EQ(kernel.identity.key, "");
  EXPECT_EQ(exitCodeOf(kernel.image), 0);
  EXPECT_EQ(fs::last_write_time(scratch_ / "own"), before);
  scratch_.write("own/main.c", "int main(void) { return 3; }\n");
  EXPECT_EQ(exitCodeOf(provide().image), 3);
}

TEST_F(KernelTest, WhatTheUsersKernelDoesNotKnowIsANote) {
  writeSource("own");
  scratch_.write("project/kernel-overlay/config/common.config", "CONFIG_UNKNOWN=y\n");
  provide((scratch_ / "own").string());
  EXPECT_THAT(progress_.notes, ElementsAre(HasSubstr("CONFIG_UNKNOWN=y")));
}

TEST_F(KernelTest, BuildsTheUsersTarballOnce) {
  const std::string tarball = (scratch_ / "own.tar.gz").string();
  ASSERT_TRUE(
      sys::runCommand({{"tar", "-czf", tarball, "-C", scratch_.path().string(), "linux-7.3.4"}})
          .exit.ok());
  const Kernel kernel = provide(tarball);
  EXPECT_TRUE(kernel.own);
  EXPECT_EQ(kernel.identity.source, tarball);
  EXPECT_EQ(exitCodeOf(kernel.image), 0);
  progress_ = {};
  EXPECT_EQ(provide().image, kernel.image);
  EXPECT_THAT(progress_.steps, IsEmpty());
}

TEST_F(KernelTest, TakesAnImageAsItIs) {
  const fs::path source = scratch_.write("main.c", kMain);
  const fs::path image = scratch_ / "linux";
  ASSERT_TRUE(sys::runCommand({{"gcc", "-o", image.string(), source.string()}}).exit.ok());
  request_.machine = qemu::Kind::qemu;
  const Kernel kernel = provide(image.string());
  EXPECT_EQ(kernel.image, image);
  EXPECT_EQ(kernel.machine, qemu::Kind::userModeLinux);
  EXPECT_EQ(kernel.identity.release, "7.3.4");
}

class OwnKernelTest : public testing::Test {
 protected:
  std::string complaint(const fs::path& path) {
    try {
      recogniseKernel(path);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage);
      return failure.what();
    }
    return "no failure";
  }
  ScratchFolder scratch_;
};

TEST_F(OwnKernelTest, RecognisesAVmlinux) {
  const fs::path source = scratch_.write(
      "main.c",
      "const char *format = \"Linux version %s\";\n"
      "const char *banner = \"Linux version 6.1.176 (x)\"; int main(void) { return 0; }\n");
  const fs::path image = scratch_ / "vmlinux";
  ASSERT_TRUE(sys::runCommand({{"gcc", "-o", image.string(), source.string()}}).exit.ok());
  const OwnKernel kernel = recogniseKernel(image);
  EXPECT_EQ(kernel.kind, OwnKernel::Kind::image);
  EXPECT_EQ(kernel.machine, qemu::Kind::qemu);
  EXPECT_EQ(kernel.release, "6.1.176");
  fs::resize_file(image, fs::file_size(image) - 100);
  EXPECT_THAT(complaint(image), HasSubstr("cut off"));
}

TEST_F(OwnKernelTest, RecognisesABzImage) {
  std::string image(0x1000, '\0');
  image.replace(0x1FE, 2, "\x55\xAA");
  image.replace(0x202, 4, "HdrS");
  image[0x20E] = 0x00;
  image[0x20F] = 0x03;  // the version is at 0x300 + 0x200
  image.replace(0x500, 19, "5.10.262 (user@host)");
  const OwnKernel kernel = recogniseKernel(scratch_.write("bzImage", image));
  EXPECT_EQ(kernel.machine, qemu::Kind::qemu);
  EXPECT_EQ(kernel.release, "5.10.262");
}

TEST_F(OwnKernelTest, SaysWhatAFileLooksLike) {
  EXPECT_THAT(complaint(scratch_.write("a", "")), HasSubstr("empty"));
  EXPECT_THAT(complaint(scratch_.write("b", "#!/bin/sh\n")), HasSubstr("script"));
  EXPECT_THAT(complaint(scratch_.write("c", "hello\n")), HasSubstr("text file"));
  EXPECT_THAT(complaint(scratch_.write("d", std::string(100, '\x01'))), HasSubstr("not known"));
  EXPECT_THAT(complaint(scratch_.write("e",
                                       "\x7F"
                                       "ELF")),
              HasSubstr("cut off"));
  EXPECT_THAT(complaint("/bin/true"), HasSubstr("no kernel"));
  EXPECT_THAT(complaint(scratch_ / "nothing"), HasSubstr("No such file"));
  EXPECT_THAT(complaint("/dev/null"), HasSubstr("neither a file nor a folder"));
}

TEST_F(OwnKernelTest, SaysWhyAFolderIsOfNoUse) {
  EXPECT_THAT(complaint(scratch_.path()), HasSubstr("without Makefile"));
  for (const char* file : {"Makefile", "Kconfig", "arch/x86/Kconfig", "fs/overlayfs/super.c"}) {
    scratch_.write(file, "");
  }
  EXPECT_EQ(recogniseKernel(scratch_.path()).kind, OwnKernel::Kind::sourceFolder);
  scratch_.write(".config", "");
  EXPECT_THAT(complaint(scratch_.path()), AllOf(HasSubstr(".config"), HasSubstr("mrproper")));
}

TEST(FirstError, IsTheCompilersAndNotWhatMakeSaysOfIt) {
  EXPECT_EQ(firstError({"  CC      fs/a.o",
                        "fs/a.c: In function 'f':", "fs/a.c:3:4: error: 'x' undeclared",
                        "    3 |   x", "      |   ^", "  CC      fs/b.o",
                        "make[3]: *** [fs/a.o] Error 1", "fs/b.c:1:1: error: another"}),
            "  fs/a.c: In function 'f':\n  fs/a.c:3:4: error: 'x' undeclared\n"
            "      3 |   x\n        |   ^");
}

TEST(FirstError, KnowsTheLinkersAndMakes) {
  EXPECT_EQ(firstError({"  LD      vmlinux",
                        "ld: x.o: in function `f':", "x.c:(.text+0x1): undefined reference to `g'",
                        "make: *** [vmlinux] Error 1"}),
            "  x.c:(.text+0x1): undefined reference to `g'");
  EXPECT_EQ(firstError({"make[1]: *** No rule to make target 'x'.  Stop."}),
            "  make[1]: *** No rule to make target 'x'.  Stop.");
  EXPECT_EQ(firstError({"  CC      a.o"}), "");
}

TEST(ImageCacheTest, KeepsAFewImagesOfAFamily) {
  const ScratchFolder scratch;
  const Cache cache(scratch / "cache");
  const ImageCache images(cache);
  const fs::path image = scratch.write("image", "kernel"), config = scratch.write("config", "");
  for (int i = 0; i < 8; ++i) {
    images.keep("mainline-off-uml-" + std::to_string(i), "mainline-off-uml-", image, config, {});
  }
  images.keep("other-off-uml-0", "other-off-uml-", image, config, {});
  EXPECT_FALSE(images.find("mainline-off-uml-0"));
  EXPECT_TRUE(images.find("mainline-off-uml-7"));
  EXPECT_TRUE(images.find("other-off-uml-0"));
}

}  // namespace
}  // namespace runner
