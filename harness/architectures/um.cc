// SPDX-License-Identifier: GPL-2.0-only
// User-Mode Linux: a kernel that is a program of an x86-64 host.
#include <elf.h>

#include "architectures/architecture.h"

namespace architectures {

const Architecture& um() {
  static const Architecture record = {
      .name = "um",
      .title = "User-Mode Linux",
      .cache_name = "uml",
      .machine = "x86_64",
      .elf_machine = EM_X86_64,
      .debian = "amd64",
      .source_directories = {"um", "x86"},
      .target = "linux",
      .build_steps = 1480,
      .images = "a User-Mode Linux program",
      // The first words of what `linux --help` prints.
      .elf_mark = "User Mode Linux v",
      .disk = "/dev/ubd",
      .verdicts = "/dev/ttyS0",  // ssl0 of its command line
      .terminal = "/dev/ttyS1",
  };
  return record;
}

}  // namespace architectures
