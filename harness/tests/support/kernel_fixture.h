// SPDX-License-Identifier: GPL-2.0-only
// A project with one tree, whose Makefile only resembles the kernel's.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

#include "runner/base/failure.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"
#include "sys/child_process.h"
#include "tests/support/fake_archive.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {

// Targets and output like kbuild's: olddefconfig drops unknown options.
inline constexpr const char* kMakefile = R"(VERSION = 7
PATCHLEVEL = 3
SUBLEVEL = 4
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
inline constexpr const char* kMain =
    "const char *banner = \"Linux version 7.3.4 (x) User Mode Linux v\";\n"
    "int main(void) { return 0; }\n";
inline constexpr const char* kTrees = R"(default = "mainline"
[[tree]]
name = "mainline"
version = "7.3"
suites = [{ archive = "debian", suite = "test" }]
series = ["a-syncfs"]
[config]
um = { plain = ["common.config"], debug = ["debug.config"] }
x86_64 = { plain = ["common.config"], debug = ["debug.config"] }
[[series]]
name = "a-syncfs"
requirements = ["A"]
)";
inline constexpr const char* kPatch = R"(
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
    scratch_.write("project/patches/mainline/BASE", "linux-7.3.4\n");
    scratch_.write("project/patches/mainline/a-syncfs/series", "0001.patch\n");
    scratch_.write("project/patches/mainline/a-syncfs/0001.patch", kPatch);
    request_.project = scratch_ / "project";
  }
  void writeSource(const std::string& directory) {
    scratch_.write(directory + "/Makefile", kMakefile);
    scratch_.write(directory + "/main.c", kMain);
    for (const char* file : {"/Kconfig", "/arch/x86/Kconfig", "/fs/overlayfs/super.c"}) {
      scratch_.write(directory + file, "");
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
  static int exitCodeOf(const std::filesystem::path& program) {
    return sys::runCommand({{program.string()}}).exit.code;
  }
  std::size_t leftovers() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(cache_.root())) {
      count += entry.path().filename().string().rfind(".tmp-", 0) == 0 ? 1 : 0;
    }
    return count;
  }

  ScratchDirectory scratch_;
  Cache cache_{scratch_ / "cache"};
  RecordingProgress progress_;
  KernelRequest request_;
};

}  // namespace runner
