// SPDX-License-Identifier: GPL-2.0-only
// The user's own kernels: source, tarballs, images.
#include "runner/kernels/own_kernel.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "runner/base/cache.h"
#include "tests/support/kernel_fixture.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST_F(KernelTest, BuildsTheUsersDirectoryAndWritesNothingIntoIt) {
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

TEST_F(KernelTest, NotesOptionsThatTheUsersKernelLacks) {
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

TEST_F(KernelTest, ATarballWithoutKernelSourceLeavesNothing) {
  scratch_.write("other/file", "text");
  const std::string tarball = (scratch_ / "other.tar").string();
  ASSERT_TRUE(sys::runCommand({{"tar", "-cf", tarball, "-C", scratch_.path().string(), "other"}})
                  .exit.ok());
  request_.tree = tarball;
  const auto [status, text] = complaint();
  EXPECT_EQ(status, ExitStatus::usage);
  EXPECT_THAT(text, AllOf(StartsWith(tarball), HasSubstr("without Makefile")));
  EXPECT_TRUE(fs::is_empty(scratch_ / "cache/source"));
}

TEST_F(KernelTest, OnlySourceHasSource) {
  writeSource("own");
  request_.tree = (scratch_ / "own").string();
  try {
    provideSource(request_, cache_, progress_);
    ADD_FAILURE() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), AllOf(HasSubstr("--source is for source"),
                                      HasSubstr("a source directory"), HasSubstr("--apply")));
  }
}

TEST_F(KernelTest, TakesAnImageAsItIs) {
  const fs::path source = scratch_.write("main.c", kMain);
  const fs::path image = scratch_ / "linux";
  ASSERT_TRUE(sys::runCommand({{"gcc", "-o", image.string(), source.string()}}).exit.ok());
  request_.architecture = &architectures::x86_64();
  const Kernel kernel = provide(image.string());
  EXPECT_EQ(kernel.image, image);
  EXPECT_EQ(kernel.machine.kind, qemu::Kind::userModeLinux);
  EXPECT_EQ(kernel.machine.architecture, &architectures::um());
  EXPECT_EQ(kernel.identity.release, "7.3.4");
}

TEST(CheckedOutCommit, IsThatOfADirectoryThatGitHasCheckedOut) {
  const ScratchDirectory scratch;
  const auto git = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", (scratch / "tree").string()});
    return sys::runCommand({.arguments = arguments});
  };
  fs::create_directories(scratch / "tree/fs");
  EXPECT_EQ(checkedOutCommit(scratch / "tree"), "");
  ASSERT_TRUE(git({"init", "--quiet"}).exit.ok());
  EXPECT_EQ(checkedOutCommit(scratch / "tree"), "");
  ASSERT_TRUE(git({"-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "--allow-empty",
                   "--message", "x"})
                  .exit.ok());
  const std::string commit = git({"rev-parse", "HEAD"}).text.substr(0, 12);
  EXPECT_EQ(checkedOutCommit(scratch / "tree"), commit);
  scratch.write("tree/Makefile", "");
  EXPECT_EQ(checkedOutCommit(scratch / "tree"), commit) << "git does not know the file";
  ASSERT_TRUE(git({"add", "Makefile"}).exit.ok());
  const auto index = readFile(scratch / "tree/.git/index");
  // `git status` would refresh the time of the file in the index.
  scratch.write("tree/Makefile", "");
  EXPECT_EQ(checkedOutCommit(scratch / "tree"), commit + " with uncommitted changes");
  EXPECT_EQ(readFile(scratch / "tree/.git/index"), index);
  EXPECT_EQ(checkedOutCommit(scratch / "tree/fs"), "");
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
  ScratchDirectory scratch_;
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
  EXPECT_EQ(kernel.architecture, &architectures::x86_64());
  EXPECT_EQ(kernel.release, "6.1.176");
  fs::resize_file(image, fs::file_size(image) - 100);
  EXPECT_THAT(complaint(image), HasSubstr("truncated"));
}

TEST_F(OwnKernelTest, RecognisesABzImage) {
  std::string image(0x1000, '\0');
  image.replace(0x1FE, 2, "\x55\xAA");
  image.replace(0x202, 4, "HdrS");
  image[0x20E] = 0x00;
  image[0x20F] = 0x03;  // the version is at 0x300 + 0x200
  image.replace(0x500, 19, "5.10.262 (user@host)");
  const OwnKernel kernel = recogniseKernel(scratch_.write("bzImage", image));
  EXPECT_EQ(kernel.architecture, &architectures::x86_64());
  EXPECT_EQ(kernel.release, "5.10.262");
}

TEST_F(OwnKernelTest, RefusesAnUnknownArchitecture) {
  std::string file = readFile("/bin/true");
  file[18] = static_cast<char>(183);  // e_machine: EM_AARCH64
  EXPECT_THAT(complaint(scratch_.write("vmlinux", file)),
              AllOf(HasSubstr("unsupported architecture (machine 183, 64 bit)"),
                    HasSubstr("a bzImage or a vmlinux for x86_64")));
}

TEST_F(OwnKernelTest, SaysWhatAFileLooksLike) {
  EXPECT_THAT(complaint(scratch_.write("a", "")), HasSubstr("empty"));
  EXPECT_THAT(complaint(scratch_.write("b", "#!/bin/sh\n")), HasSubstr("script"));
  EXPECT_THAT(complaint(scratch_.write("c", "hello\n")), HasSubstr("text file"));
  EXPECT_THAT(complaint(scratch_.write("d", std::string(100, '\x01'))), HasSubstr("unknown type"));
  EXPECT_THAT(complaint(scratch_.write("e",
                                       "\x7F"
                                       "ELF")),
              HasSubstr("truncated"));
  EXPECT_THAT(complaint("/bin/true"), HasSubstr("not a kernel"));
  EXPECT_THAT(complaint(scratch_ / "nothing"), HasSubstr("No such file"));
  EXPECT_THAT(complaint("/dev/null"), HasSubstr("neither a file nor a directory"));
}

TEST_F(OwnKernelTest, SaysThatACompressedFileIsNoTarball) {
  const std::string file = scratch_.write("vmlinux", "content").string();
  ASSERT_TRUE(sys::runCommand({{"gzip", file}}).exit.ok());
  EXPECT_THAT(complaint(file + ".gz"), AllOf(HasSubstr("is compressed with gzip but not a tarball"),
                                             HasSubstr("decompress")));
}

TEST(IsOwnKernel, IsAPathOrLooksLikeOne) {
  EXPECT_TRUE(isOwnKernel("missing.deb"));
  EXPECT_TRUE(isOwnKernel("linux-7.3.4.tar.xz"));
  EXPECT_TRUE(isOwnKernel("missing/linux"));
  for (const char* tree : {"mainline", "6.13.y", "7.2", "debian-6.1", ".y", ""}) {
    EXPECT_FALSE(isOwnKernel(tree)) << tree;
  }
}

TEST_F(OwnKernelTest, ASeriesIsForSource) {
  const fs::path package = scratch_.write("linux.deb", "!<arch>\ndebian-binary");
  try {
    recogniseSource(package);
    ADD_FAILURE() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), AllOf(HasSubstr("is a package"), HasSubstr("only be applied to")));
  }
}

TEST_F(OwnKernelTest, SaysWhyADirectoryIsUnusable) {
  EXPECT_THAT(complaint(scratch_.path()), HasSubstr("without Makefile"));
  for (const char* file : {"Makefile", "Kconfig", "arch/x86/Kconfig", "fs/overlayfs/super.c"}) {
    scratch_.write(file, "");
  }
  EXPECT_EQ(recogniseKernel(scratch_.path()).kind, OwnKernel::Kind::sourceDirectory);
  scratch_.write(".config", "");
  EXPECT_THAT(complaint(scratch_.path()), AllOf(HasSubstr(".config"), HasSubstr("mrproper")));
  EXPECT_EQ(recogniseSource(scratch_.path()).kind, OwnKernel::Kind::sourceDirectory)
      << "the copy may leave it out";
}

}  // namespace
}  // namespace runner
