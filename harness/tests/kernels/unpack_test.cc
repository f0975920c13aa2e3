// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "runner/base/failure.h"
#include "sys/child_process.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

TEST(NeededForBuild, KeepsEveryKconfigAndMakefile) {
  for (const char* name :
       {"fs/sync.c", "arch/x86/Kconfig", "arch/um/main.c", "arch/arm/Kconfig", "arch/Kconfig",
        "drivers/gpu/drm/amd/Makefile", "drivers/gpu/drm/Kconfig.debug", "sound/Kbuild",
        "Documentation/Kconfig", "Documentation/filesystems/overlayfs.rst",
        "Documentation/core-api/errseq.rst", "tools/objtool/elf.c"}) {
    EXPECT_TRUE(neededForBuild(name)) << name;
  }
  for (const char* name : {"drivers/gpu/drm/amd/x.h", "arch/arm/kernel/head.S", "sound/core/pcm.c",
                           "Documentation/admin-guide/index.rst"}) {
    EXPECT_FALSE(neededForBuild(name)) << name;
  }
}

TEST(Unpack, RefusesNamesThatLeaveTheTree) {
  const ScratchDirectory scratch;
  fs::create_directories(scratch / "linux");
  fs::create_directories(scratch / "outside");
  fs::create_symlink(scratch / "outside", scratch / "linux/link");
  const std::string tar = (scratch / "bad.tar").string();
  // A link, and a file that would be written through it.
  ASSERT_TRUE(
      sys::runCommand({{"tar", "-cf", tar, "-C", scratch.path().string(), "linux"}}).exit.ok());
  fs::remove(scratch / "linux/link");
  scratch.write("linux/link/file", "text");
  ASSERT_TRUE(
      sys::runCommand({{"tar", "-rf", tar, "-C", scratch.path().string(), "linux/link/file"}})
          .exit.ok());
  RecordingProgress progress;
  EXPECT_THROW(unpackTarball(
                   tar, scratch / "out", [](auto) { return true; }, progress),
               Failure);
  EXPECT_TRUE(fs::is_empty(scratch / "outside"));
}

// A hard link in an archive can name any file, which later writes would then change.
TEST(Unpack, MakesNoHardLink) {
  const ScratchDirectory scratch;
  const std::filesystem::path outside = scratch.write("outside", "text");
  fs::create_hard_link(outside, scratch / "second");
  const std::string tar = (scratch / "bad.tar").string();
  ASSERT_TRUE(
      sys::runCommand({{"tar", "-cPf", tar, outside.string(), (scratch / "second").string()}})
          .exit.ok());
  fs::remove(scratch / "second");
  RecordingProgress progress;
  unpackTarball(
      tar, scratch / "out", [](auto) { return true; }, progress);
  EXPECT_EQ(scratch.read("out" + outside.string()), "text");
  EXPECT_EQ(fs::hard_link_count(outside), 1u);
}

// More than a pipe holds: the decompressor must not wait for somebody who reads it.
TEST(Unpack, ReadsWhatFollowsTheArchive) {
  const ScratchDirectory scratch;
  scratch.write("linux/file", "text");
  const std::string tar = (scratch / "long.tar").string();
  ASSERT_TRUE(
      sys::runCommand({{"tar", "-cf", tar, "-C", scratch.path().string(), "linux"}}).exit.ok());
  fs::resize_file(tar, std::uintmax_t{4} << 20);
  ASSERT_TRUE(sys::runCommand({{"gzip", tar}}).exit.ok());
  RecordingProgress progress;
  unpackTarball(
      tar + ".gz", scratch / "out", [](auto) { return true; }, progress);
  EXPECT_EQ(scratch.read("out/file"), "text");
}

// Writes a compressed tarball. libarchive needs no program for it, which the host may lack.
void writeTarball(const fs::path& tar, const char* compressor) {
  const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(),
                                                                    &archive_write_free);
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                            &archive_entry_free);
  archive_entry_set_pathname(entry.get(), "linux/file");
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_size(entry.get(), 4);
  ASSERT_EQ(archive_write_add_filter_by_name(out.get(), compressor), ARCHIVE_OK);
  ASSERT_EQ(archive_write_set_format_ustar(out.get()), ARCHIVE_OK);
  ASSERT_EQ(archive_write_open_filename(out.get(), tar.c_str()), ARCHIVE_OK);
  ASSERT_EQ(archive_write_header(out.get(), entry.get()), ARCHIVE_OK);
  ASSERT_EQ(archive_write_data(out.get(), "text", 4), 4);
  ASSERT_EQ(archive_write_close(out.get()), ARCHIVE_OK);
}

TEST(Unpack, ATarballHasSomethingInIt) {
  const ScratchDirectory scratch;
  for (const char* compressor : {"xz", "gzip", "zstd", "bzip2"}) {
    const fs::path tar = scratch / (std::string(compressor) + ".tar");
    ASSERT_NO_FATAL_FAILURE(writeTarball(tar, compressor)) << compressor;
    EXPECT_TRUE(isTarball(tar)) << compressor;
    EXPECT_EQ(compressorOf(tar), compressor);
  }
  for (const std::string& content :
       {std::string(100000, '\0'), std::string("text"), std::string()}) {
    const std::string file = scratch.write("file", content).string();
    ASSERT_TRUE(sys::runCommand({{"gzip", "-f", file}}).exit.ok());
    EXPECT_FALSE(isTarball(file + ".gz"));
    EXPECT_EQ(compressorOf(file + ".gz"), "gzip");
  }
}

}  // namespace
}  // namespace runner
