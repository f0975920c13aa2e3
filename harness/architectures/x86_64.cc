// SPDX-License-Identifier: GPL-2.0-only
// x86-64: a PC with PCI, so that any ordinary kernel finds its devices.
#include <elf.h>

#include <array>
#include <cstdint>

#include "architectures/architecture.h"

namespace architectures {
namespace {

// A BIOS that enters protected mode, counts to 2^27 and exits through QEMU's debug exit device. The
// count distinguishes a real processor, which takes a fraction of a second, from a KVM that only
// emulates one and takes many.
constexpr std::size_t kBiosSize = 64u << 10;  // up to the end of the first 4 GiB
constexpr std::size_t kProgramAt = 0xff00;    // in the BIOS
constexpr std::size_t kResetVector = 0xfff0;
constexpr std::uint8_t kAnswer = 0x2a;

constexpr std::array<std::uint8_t, 62> kProgram = {
    // 16 bit
    0xfa,                                            // 00: cli
    0x2e, 0x66, 0x0f, 0x01, 0x16, 0x38, 0xff,        // 01: lgdt cs:[38]
    0x0f, 0x20, 0xc0,                                // 08: mov eax, cr0
    0x0c, 0x01,                                      // 0b: or al, 1
    0x0f, 0x22, 0xc0,                                // 0d: mov cr0, eax
    0x66, 0xea, 0x18, 0xff, 0xff, 0xff, 0x08, 0x00,  // 10: jmp 8:18
    // 32 bit
    0xb9, 0x00, 0x00, 0x00, 0x08,  // 18: mov ecx, 1 << 27
    0x49,                          // 1d: dec ecx
    0x75, 0xfd,                    // 1e: jnz 1d
    0xb0, kAnswer,                 // 20: mov al, answer
    0xe6, 0xf4,                    // 22: out 0xf4, al
    0xf4,                          // 24: hlt
    0xeb, 0xfd, 0xf4,              // 25: jmp 24
    // The descriptor table: nothing, and all memory as code.
    0, 0, 0, 0, 0, 0, 0, 0,                          // 28
    0xff, 0xff, 0x00, 0x00, 0x00, 0x9b, 0xcf, 0x00,  // 30
    // Its size less one, and where it lies.
    0x0f, 0x00, 0x28, 0xff, 0xff, 0xff,  // 38
};

std::string bios() {
  static constexpr std::array<std::uint8_t, 3> kJump = {0xe9, 0x0d, 0xff};  // to the program
  std::string image(kBiosSize, '\xf4');
  image.replace(image.begin() + kProgramAt, image.begin() + kProgramAt + kProgram.size(),
                kProgram.begin(), kProgram.end());
  image.replace(image.begin() + kResetVector, image.begin() + kResetVector + kJump.size(),
                kJump.begin(), kJump.end());
  return image;
}

}  // namespace

const Architecture& x86_64() {
  static const Architecture record = {
      .name = "x86_64",
      .title = "x86_64",
      .cache_name = "qemu",  // from when it was the only one
      .machine = "x86_64",
      .elf_machine = EM_X86_64,
      .debian = "amd64",
      .source_directories = {"x86"},
      .target = "vmlinux",
      .boot_image = "arch/x86/boot/bzImage",
      .build_steps = 2050,
      .images = "a bzImage or a vmlinux for x86_64",
      // Documentation/arch/x86/boot.rst: the setup header of a bzImage.
      .formats = {{.magic = {{0x1FE, "\x55\xAA"}, {0x202, "HdrS"}},
                   .header_bytes = 0x251,
                   .release_pointer = 0x20E,
                   .release_base = 0x200}},
      .narrow = "i386",
      .narrow_title = "32-bit x86",
      .qemu =
          Qemu{
              .program = "qemu-system-x86_64",
              .package = "qemu-system-x86",
              .machine = "q35",
              .processor = "qemu64",  // TCG is faster for a model with fewer features
              // Boots a bzImage, or a vmlinux with a PVH entry, directly, half a second faster than
              // the usual BIOS.
              .arguments = {"-bios", "qboot.rom"},
              .virtio_bus = "pci",
              // earlyprintk: a kernel that dies before its console is up says so.
              .console = "console=ttyS0 earlyprintk=serial,ttyS0,115200",
              // On a busy host the clocksource watchdog would give up the fast clock
              // (tsc=reliable), and the kernel would find that its timer doesn't work
              // (no_timer_check).
              .clock = "tsc=reliable no_timer_check",
              // Calibrating the processor's own timer takes 0.1 s, and a single processor can do
              // without it.
              .clock_of_one_processor = "nolapic_timer",
              .second_serial = "/dev/ttyS1",
              .serial_lines = "8250.nr_uarts=4",  // CONFIG_SERIAL_8250_RUNTIME_UARTS may be 1
              .command_line_bytes = 2047,         // COMMAND_LINE_SIZE, less the final NUL
              .counts_instructions = true,
              .probe = ProbeGuest{.firmware = bios(),
                                  .arguments = {"-machine", "pc", "-device",
                                                "isa-debug-exit,iobase=0xf4,iosize=0x04"},
                                  .exit_status = kAnswer << 1 | 1},  // as the device makes it
          },
  };
  return record;
}

}  // namespace architectures
