// SPDX-License-Identifier: GPL-2.0-only
// An architecture: everything that differs between the kernels that are built and booted here, as
// data. To add one: a file with its record, a line in registry.cc, and its fragments in
// kernel-overlay/trees.toml.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace architectures {

// A guest of a few instructions that shows whether an accelerator of QEMU runs guests at all.
struct ProbeGuest {
  std::string firmware;                // the bytes of what -bios loads
  std::vector<std::string> arguments;  // of QEMU: a machine, and a device that ends it
  int exit_status = 0;                 // QEMU's, once the guest has run to its end
};

// How QEMU runs a kernel.
struct Qemu {
  std::string program, package;        // package: Debian's
  std::string machine;                 // -machine
  std::string processor;               // -cpu without KVM, which takes the host's
  std::vector<std::string> arguments;  // additional ones
  std::string virtio_bus;              // the end of the names of its virtio devices: "pci"
  // Kernel parameters: for the console on the first serial line, and for a clock that a busy host
  // does not disturb; the last ones go to a kernel with one processor.
  std::string console, clock, clock_of_one_processor;
  // The guest's device of the second serial line: the verdict channel of a kernel without virtio
  // console. Empty: the machine has only one line.
  std::string second_serial = {};
  // A kernel parameter with which every kernel has that line.
  std::string serial_lines = {};
  std::size_t command_line_bytes = 0;    // the longest that the kernel takes
  bool counts_instructions = false;      // by its clock, with -icount: what `cost` needs
  std::optional<ProbeGuest> probe = {};  // nothing: KVM cannot be tried, and is not used
};

// A kernel image that is not an ELF file.
struct ImageFormat {
  std::map<std::size_t, std::string> magic;  // the bytes at these offsets
  std::size_t header_bytes = 0;              // a shorter file is not one
  // The offset of a 16-bit number, which plus release_base is the offset of the release; if that
  // number is 0, the image does not say. A pointer of 0: the release is in the image's banner.
  std::size_t release_pointer = 0, release_base = 0;
};

struct Architecture {
  std::string name;        // ARCH= of the kernel's make, and in trees.toml: "um"
  std::string title;       // for messages: "User-Mode Linux"
  std::string cache_name;  // in names and keys of cached images
  // The machine of its programs: `uname -m` and e_machine (elf.h). Its guest runs the guest program
  // that was compiled on such a host.
  std::string machine;
  unsigned elf_machine = 0;
  std::string debian;                // as Debian's packages name it: "amd64"
  std::string compiler_prefix = {};  // "aarch64-linux-gnu-"; empty: the host's own compiler
  // The Debian package with that compiler and its linker: "gcc-aarch64-linux-gnu".
  std::string compiler_package = {};
  std::vector<std::string> source_directories;  // in arch/
  std::string target;                           // of make, and where in a build tree it is
  std::string boot_image = {};                  // in a build tree: what others boot; empty: target
  int build_steps = 0;                          // files that make reports for a build from scratch
  std::string images;                           // for messages: "a bzImage or a vmlinux for x86_64"
  std::string elf_mark = {};              // what only its ELF images contain; empty: all others
  std::vector<ImageFormat> formats = {};  // besides ELF
  std::string narrow = {}, narrow_title = {};  // ARCH= of its 32-bit kernels, if it has them
  // In its guest: the names of disks, less their letter; where the guest program finds its verdict
  // channel, a device or the name of a virtio-serial port; and the terminal of a shell.
  std::string disk = "/dev/vd", verdicts = "ovl-syncfs.verdicts", terminal = "/dev/hvc0";
  std::optional<Qemu> qemu = {};  // nothing: its kernel is a program itself
};

const Architecture& um();
const Architecture& x86_64();

}  // namespace architectures
