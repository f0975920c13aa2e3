// SPDX-License-Identifier: GPL-2.0-only
// What stopped a build: the first lines of its log that a person can act on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct BuildError {
  enum class Kind {
    none,       // the log has no error
    diskFull,   // or a quota is
    memory,     // the host has too little, and the kernel killed a compiler or linker
    program,    // a program or library that the build needs is not installed
    kconfig,    // Kconfig's parser, or its options
    makefile,   // make's parser, or a file that it has no rule for
    compiler,   // also the assembler, and a missing header
    linker,     // of the kernel or of one of its programs
    modpost,    // modules and what they import
    objtool,    // checks of object code
    btf,        // pahole and resolve_btfids
    unspecific  // something said "error", or only make did
  };
  Kind kind = Kind::none;
  std::string text;  // the lines, indented, without a newline at the end; empty for `none`
};

// "disk full", "Kconfig", "compiler": for messages and tests.
std::string_view nameOf(BuildError::Kind kind);

// The first error in the output of make, with the lines that explain it. What make says about it
// ("*** [fs/a.o] Error 1") is only taken if nothing else is there, with the lines above it.
BuildError firstError(const std::vector<std::string>& log);

}  // namespace runner
