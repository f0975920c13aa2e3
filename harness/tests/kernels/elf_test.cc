// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/elf.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <string>

#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

// Writes only the headers of a program with one segment.
void writeProgram(const std::filesystem::path& file, Elf64_Word segment, Elf64_Half machine) {
  Elf64_Ehdr header{};
  std::memcpy(static_cast<unsigned char*>(header.e_ident), ELFMAG, SELFMAG);
  header.e_type = ET_EXEC;
  header.e_machine = machine;
  header.e_phoff = sizeof header;
  header.e_phnum = 1;
  Elf64_Phdr program{};
  program.p_type = segment;
  std::ofstream stream(file, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(&header), sizeof header);
  stream.write(reinterpret_cast<const char*>(&program), sizeof program);
}

TEST(StaticProgram, HasNoDynamicLoader) {
  const ScratchDirectory directory;
  writeProgram(directory.path() / "static", PT_LOAD, EM_X86_64);
  writeProgram(directory.path() / "dynamic", PT_INTERP, EM_X86_64);
  writeProgram(directory.path() / "foreign", PT_LOAD, EM_AARCH64);
  EXPECT_TRUE(isStaticProgram(directory.path() / "static", architectures::x86_64()));
  EXPECT_FALSE(isStaticProgram(directory.path() / "dynamic", architectures::x86_64()));
  EXPECT_FALSE(isStaticProgram(directory.path() / "foreign", architectures::x86_64()));
  EXPECT_FALSE(isStaticProgram("/proc/self/exe", architectures::x86_64()))
      << "this test has libraries";
}

// A file for a big-endian architecture is big-endian too.
TEST(StaticProgram, MayHaveAnotherByteOrder) {
  architectures::Architecture s390x;
  s390x.elf_machine = EM_S390;
  const ScratchDirectory directory;
  std::string file(sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), '\0');
  file.replace(0, SELFMAG, ELFMAG);
  file[EI_DATA] = ELFDATA2MSB;
  file[17] = ET_EXEC;
  file[19] = EM_S390;
  file[39] = sizeof(Elf64_Ehdr);  // e_phoff
  file[57] = 1;                   // e_phnum
  file[67] = PT_LOAD;
  EXPECT_TRUE(isStaticProgram(directory.write("static", file), s390x));
  file[67] = PT_INTERP;
  EXPECT_FALSE(isStaticProgram(directory.write("dynamic", file), s390x));
}

TEST(StaticProgram, IsNothingElse) {
  const ScratchDirectory directory;
  std::ofstream(directory.path() / "script") << "#!/bin/sh\n";
  std::ofstream(directory.path() / "stump") << ELFMAG;
  for (const char* name : {"script", "stump", "missing", "."}) {
    EXPECT_FALSE(isStaticProgram(directory.path() / name, architectures::x86_64())) << name;
  }
}

}  // namespace
}  // namespace runner
