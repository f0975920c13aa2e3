// SPDX-License-Identifier: GPL-2.0-only
// A kernel as it is shipped, for tests: an image that only says its release, modules that depend on
// each other, and packages of them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "qemu/initramfs.h"
#include "runner/base/cache.h"
#include "runner/kernels/shipped_kernel.h"
#include "sys/child_process.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {

class ShippedKernelTest : public ::testing::Test {
 protected:
  static constexpr const char* kShippedRelease = "6.1.0-1-test";

  // The header of a bzImage.
  static std::string bzImage() {
    std::string image(0x300, '\0');
    image.replace(0x1FE, 2, "\x55\xAA");
    image.replace(0x202, 4, "HdrS");
    image[0x20F] = '\x01';  // 0x100, from 0x200
    image += std::string(kShippedRelease) + " (test) #1";
    return image;
  }

  // Writes a module: what it exports and what it uses of others determines the dependencies.
  void writeModule(const std::string& file, const std::string& exported, const std::string& used,
                   const std::string& softdep = "") {
    std::string source =
        "__attribute__((section(\".modinfo\"), used)) static const char a[] = \"license=GPL\";\n"
        "__attribute__((section(\".modinfo\"), used)) static const char v[] = \"vermagic=" +
        std::string(kShippedRelease) + " SMP\";\n";
    if (!softdep.empty()) {
      source += "__attribute__((section(\".modinfo\"), used)) static const char s[] = \"softdep=" +
                softdep + "\";\n";
    }
    if (!exported.empty()) {
      source += "__attribute__((section(\"__ksymtab_strings\"), used)) static const char e[] = \"" +
                exported + "\";\nint " + exported + ";\n";
    }
    if (!used.empty()) source += "extern int " + used + ";\nint* user = &" + used + ";\n";
    const auto from = scratch_.write("module.c", source);
    std::filesystem::create_directories((scratch_ / file).parent_path());
    run({"gcc", "-c", "-o", (scratch_ / file).string(), from.string()});
  }

  // A kernel whose overlayfs, device-mapper, ext4 and crc32c are modules, and the rest is built in.
  void writeKernel(const std::string& root, const std::string& modules = "lib/modules/") {
    const std::string directory = root + '/' + modules + kShippedRelease + '/';
    scratch_.write(root + "/boot/vmlinuz-" + kShippedRelease, bzImage());
    scratch_.write(directory + "modules.order", "");
    scratch_.write(directory + "modules.builtin",
                   "kernel/drivers/virtio/virtio_pci.ko\nkernel/drivers/block/virtio_blk.ko\n"
                   "kernel/drivers/tty/serial/8250/8250.ko\n");
    writeModule(directory + "kernel/fs/overlayfs/overlay.ko", "", "");
    writeModule(directory + "kernel/drivers/md/dm-mod.ko", "dm_register", "");
    writeModule(directory + "kernel/drivers/md/dm-snapshot.ko", "", "dm_register");
    writeModule(directory + "kernel/lib/crc32c.ko", "", "");
    writeModule(directory + "kernel/fs/jbd2/jbd2.ko", "journal_start", "");
    writeModule(directory + "kernel/fs/ext4/ext4.ko", "", "journal_start", "pre: crc32c nothing");
    run({"xz", "--check=crc32", (scratch_ / (directory + "kernel/fs/ext4/ext4.ko")).string()});
    run({"gzip", (scratch_ / (directory + "kernel/fs/jbd2/jbd2.ko")).string()});
  }

  // Builds a Debian package of a directory.
  std::filesystem::path writeDeb(const std::string& root, const std::string& name,
                                 const std::string& depends = "",
                                 const std::string& version = "6.1-2",
                                 const std::string& architecture = "amd64") {
    scratch_.write(
        root + "/DEBIAN/control",
        "Package: " + name + "\nVersion: 1:" + version + "\nArchitecture: " + architecture +
            "\nMaintainer: Test <test@example.org>\n" +
            (depends.empty() ? "" : "Depends: " + depends + '\n') + "Description: test\n");
    auto file = scratch_ / ("packages/" + name + '_' + version + '_' + architecture + ".deb");
    std::filesystem::create_directories(file.parent_path());
    run({"dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", (scratch_ / root).string(),
         file.string()});
    return file;
  }

  // An RPM package as libarchive reads it: no header says anything.
  std::filesystem::path writeRpm(const std::string& root, const std::string& name) {
    std::vector<qemu::PackedFile> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch_ / root)) {
      if (!entry.is_regular_file()) continue;
      files.push_back({entry.path().lexically_relative(scratch_ / root), entry.path()});
    }
    qemu::writeInitramfs(files.front().source, scratch_ / "payload", files);
    std::string lead("\xED\xAB\xEE\xDB\x03", 5);
    lead.resize(96);
    const std::string header("\x8E\xAD\xE8\x01\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    return scratch_.write("packages/" + name, lead + header + header + scratch_.read("payload"));
  }

  KernelFiles find(const std::filesystem::path& named, const std::filesystem::path& modules = {}) {
    return findKernelFiles(named, modules, Cache(scratch_ / "cache"), progress_);
  }

  static void run(const std::vector<std::string>& command) {
    const sys::Output output = sys::runCommand({command});
    ASSERT_TRUE(output.exit.ok()) << command.front() << ": " << output.text;
  }

  ScratchDirectory scratch_;
  RecordingProgress progress_;
};

}  // namespace runner
