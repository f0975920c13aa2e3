// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/elf.h"

#include <elf.h>

#include <bit>
#include <cstring>

#include "runner/base/cache.h"

namespace runner {

namespace {

// The byte order of a file is that of its architecture.
template <typename Number>
Number inHostOrder(Number number, std::string_view elf) {
  const bool is_big = elf[EI_DATA] == ELFDATA2MSB;
  return is_big == (std::endian::native == std::endian::big) ? number : std::byteswap(number);
}

}  // namespace

std::optional<Elf> readElf(std::string_view text) {
  Elf64_Ehdr header{};
  if (text.size() < sizeof header || !text.starts_with(ELFMAG)) return std::nullopt;
  std::memcpy(&header, text.data(), sizeof header);
  const auto value = [&](auto number) { return inHostOrder(number, text); };
  return Elf{.is_64_bit = text[EI_CLASS] == ELFCLASS64,
             .machine = value(header.e_machine),
             .type = value(header.e_type),
             .programs = value(header.e_phoff),
             .program_count = value(header.e_phnum),
             .sections_end = value(header.e_shoff) +
                             std::uint64_t{value(header.e_shnum)} * value(header.e_shentsize)};
}

bool isStaticProgram(const std::filesystem::path& file,
                     const architectures::Architecture& architecture) {
  const std::string text = readFile(file);
  const auto elf = readElf(text);
  if (!elf || elf->machine != architecture.elf_machine ||
      (elf->type != ET_EXEC && elf->type != ET_DYN)) {
    return false;
  }
  for (std::uint64_t i = 0; i < elf->program_count; ++i) {
    const std::uint64_t at = elf->programs + i * sizeof(Elf64_Phdr);
    Elf64_Phdr segment{};
    if (at + sizeof segment > text.size()) return false;
    std::memcpy(&segment, text.data() + at, sizeof segment);
    if (inHostOrder(segment.p_type, text) == PT_INTERP) return false;  // a dynamic loader
  }
  return true;
}

}  // namespace runner
