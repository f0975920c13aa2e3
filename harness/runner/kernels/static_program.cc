// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/static_program.h"

#include <elf.h>

#include <array>
#include <cstring>
#include <fstream>

namespace runner {

bool isStaticProgram(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Elf64_Ehdr header{};
  stream.read(reinterpret_cast<char*>(&header), sizeof header);
  if (!stream ||
      std::memcmp(static_cast<const unsigned char*>(header.e_ident), ELFMAG, SELFMAG) != 0 ||
      header.e_machine != EM_X86_64 || (header.e_type != ET_EXEC && header.e_type != ET_DYN)) {
    return false;
  }
  stream.seekg(static_cast<std::streamoff>(header.e_phoff));
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    stream.read(reinterpret_cast<char*>(&segment), sizeof segment);
    if (!stream || segment.p_type == PT_INTERP) return false;  // the loader of libraries
  }
  return true;
}

}  // namespace runner
