// SPDX-License-Identifier: GPL-2.0-only
// ELF files: what their headers say.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "architectures/architecture.h"

namespace runner {

struct Elf {
  bool is_64_bit = false;
  unsigned machine = 0, type = 0;  // e_machine, e_type
  // Where the program headers are, and where the section headers end.
  std::uint64_t programs = 0, program_count = 0, sections_end = 0;
};

// Nothing for text that is not an ELF file or is shorter than a 64-bit header.
std::optional<Elf> readElf(std::string_view text);

// Whether a file is a statically linked program of this architecture, which runs in a guest without
// libraries. False for a file that cannot be read.
bool isStaticProgram(const std::filesystem::path& file,
                     const architectures::Architecture& architecture);

}  // namespace runner
