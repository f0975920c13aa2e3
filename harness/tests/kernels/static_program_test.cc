// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/static_program.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "tests/support/scratch_folder.h"

namespace runner {
namespace {

// A program of one segment, as far as its headers go.
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

TEST(StaticProgram, IsOneWithoutALoader) {
  const ScratchFolder folder;
  writeProgram(folder.path() / "static", PT_LOAD, EM_X86_64);
  writeProgram(folder.path() / "dynamic", PT_INTERP, EM_X86_64);
  writeProgram(folder.path() / "foreign", PT_LOAD, EM_AARCH64);
  EXPECT_TRUE(isStaticProgram(folder.path() / "static"));
  EXPECT_FALSE(isStaticProgram(folder.path() / "dynamic"));
  EXPECT_FALSE(isStaticProgram(folder.path() / "foreign"));
  EXPECT_FALSE(isStaticProgram("/proc/self/exe")) << "this test has libraries";
}

TEST(StaticProgram, IsNothingElse) {
  const ScratchFolder folder;
  std::ofstream(folder.path() / "script") << "#!/bin/sh\n";
  std::ofstream(folder.path() / "stump") << ELFMAG;
  for (const char* name : {"script", "stump", "missing", "."}) {
    EXPECT_FALSE(isStaticProgram(folder.path() / name)) << name;
  }
}

}  // namespace
}  // namespace runner
