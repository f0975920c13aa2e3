// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/first_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace runner {
namespace {

using Kind = BuildError::Kind;
using Log = std::vector<std::string>;

// What make says after any error, one level of directories after the other.
const Log kEnd = {"make[3]: *** [../scripts/Makefile.build:250: fs/a.o] Error 1",
                  "make[3]: *** Waiting for unfinished jobs....",
                  "make[2]: *** [../scripts/Makefile.build:500: fs] Error 2",
                  "make[1]: *** [/src/Makefile:2000: .] Error 2",
                  "make: *** [Makefile:240: all] Error 2",
                  "make: Leaving directory '/src'"};

struct Snippet {
  Kind kind;
  Log log;           // without make's end
  std::string says;  // the first line of what is shown, without its indentation
};

class FirstErrorTest : public testing::TestWithParam<Snippet> {};

TEST_P(FirstErrorTest, NamesTheLineThatHelps) {
  Log log = {"make[1]: Entering directory '/build'", "  CC      fs/before.o",
             "fs/before.c:9:9: warning: unused variable 'x' [-Wunused-variable]",
             "drivers/Kconfig:3:warning: ignoring type redefinition of 'X' from 'bool' to "
             "'tristate'"};
  log.insert(log.end(), GetParam().log.begin(), GetParam().log.end());
  log.insert(log.end(), kEnd.begin(), kEnd.end());
  const BuildError error = firstError(log);
  EXPECT_EQ(nameOf(error.kind), nameOf(GetParam().kind)) << error.text;
  EXPECT_EQ(error.text.substr(0, error.text.find('\n')), "  " + GetParam().says);
  EXPECT_THAT(error.text, testing::Not(testing::HasSubstr("Waiting for")));
}

const std::vector<Snippet> kSnippets = {
    {Kind::kconfig,
     {R"(drivers/Kconfig:288: can't open file "drivers/missing/Kconfig")"},
     R"(drivers/Kconfig:288: can't open file "drivers/missing/Kconfig")"},
    {Kind::kconfig,
     {"fs/Kconfig:12: syntax error", "fs/Kconfig:11: invalid statement"},
     "fs/Kconfig:12: syntax error"},
    {Kind::kconfig,
     {"net/Kconfig.debug:5:error: recursive dependency detected!",
      "net/Kconfig.debug:5:\tsymbol A depends on B"},
     "net/Kconfig.debug:5:error: recursive dependency detected!"},
    {Kind::kconfig,
     {"***", "*** Can't find default configuration \"arch/um/configs/x\"!", "***"},
     "*** Can't find default configuration \"arch/um/configs/x\"!"},
    {Kind::compiler,
     {"fs/a.c: In function 'f':", "fs/a.c:3:4: error: 'y' undeclared", "    3 |   y"},
     "fs/a.c: In function 'f':"},
    {Kind::compiler,
     {"In file included from ../include/a.h:3,", "                 from ../fs/a.c:1:",
      "../include/b.h:7:10: fatal error: c.h: No such file or directory"},
     "In file included from ../include/a.h:3,"},
    {Kind::compiler,
     {"fs/a.c:3:4: error: unused variable 'y' [-Werror=unused-variable]",
      "cc1: all warnings being treated as errors"},
     "fs/a.c:3:4: error: unused variable 'y' [-Werror=unused-variable]"},
    {Kind::compiler,
     {"arch/x86/a.S: Assembler messages:",
      "arch/x86/a.S:12: Error: no such instruction: `frob %eax'"},
     "arch/x86/a.S:12: Error: no such instruction: `frob %eax'"},
    {Kind::compiler,
     {"gcc: error: unrecognized command-line option '-mfrob'"},
     "gcc: error: unrecognized command-line option '-mfrob'"},
    {Kind::linker,
     {"ld: fs/a.o: in function `f':", "a.c:(.text+0x1): undefined reference to `g'"},
     "ld: fs/a.o: in function `f':"},
    {Kind::linker,
     {"ld: fs/b.o:(.bss+0x0): multiple definition of `v'; fs/a.o:(.bss+0x0): first "
      "defined here"},
     "ld: fs/b.o:(.bss+0x0): multiple definition of `v'; fs/a.o:(.bss+0x0): first defined here"},
    {Kind::program,
     {"/usr/bin/ld: cannot find -lelf: No such file or directory",
      "collect2: error: ld returned 1 exit status"},
     "/usr/bin/ld: cannot find -lelf: No such file or directory"},
    {Kind::linker,
     {"fs/a.o: in function `f':",
      "a.c:(.text+0x5): relocation truncated to fit: R_X86_64_32 against `.data'"},
     "fs/a.o: in function `f':"},
    {Kind::makefile,
     {"make[3]: *** No rule to make target 'fs/x.o', needed by 'fs/built-in.a'.  "
      "Stop."},
     "make[3]: *** No rule to make target 'fs/x.o', needed by 'fs/built-in.a'.  Stop."},
    {Kind::makefile,
     {"../fs/Makefile:7: *** missing separator.  Stop."},
     "../fs/Makefile:7: *** missing separator.  Stop."},
    {Kind::makefile,
     {"Makefile:9: *** Recursive variable 'A' references itself (eventually).  "
      "Stop."},
     "Makefile:9: *** Recursive variable 'A' references itself (eventually).  Stop."},
    {Kind::makefile,
     {"../Makefile:40: ../arch/none/Makefile: No such file or directory",
      "make[1]: *** No rule to make target '../arch/none/Makefile'.  Stop."},
     "make[1]: *** No rule to make target '../arch/none/Makefile'.  Stop."},
    {Kind::program, {"/bin/sh: 1: bison: not found"}, "/bin/sh: 1: bison: not found"},
    {Kind::program,
     {"bash: line 1: python: command not found"},
     "bash: line 1: python: command not found"},
    {Kind::program,
     {"make[2]: lz4c: No such file or directory"},
     "make[2]: lz4c: No such file or directory"},
    {Kind::program,
     {"/usr/bin/env: 'python': No such file or directory"},
     "/usr/bin/env: 'python': No such file or directory"},
    {Kind::program,
     {"BTF: .tmp_vmlinux.btf: pahole (pahole) is not available",
      "Failed to generate BTF for vmlinux"},
     "BTF: .tmp_vmlinux.btf: pahole (pahole) is not available"},
    {Kind::btf,
     {"FAILED: load BTF from vmlinux: Invalid argument"},
     "FAILED: load BTF from vmlinux: Invalid argument"},
    {Kind::btf,
     {"  BTFIDS  vmlinux", "FAILED unresolved symbol vfs_frob"},
     "FAILED unresolved symbol vfs_frob"},
    {Kind::btf, {"pahole: unrecognized option '--frob'"}, "pahole: unrecognized option '--frob'"},
    {Kind::objtool,
     {"fs/a.o: error: objtool: f(): can't decode instruction"},
     "fs/a.o: error: objtool: f(): can't decode instruction"},
    {Kind::modpost,
     {"ERROR: modpost: \"f\" [fs/a.ko] undefined!"},
     "ERROR: modpost: \"f\" [fs/a.ko] undefined!"},
    {Kind::modpost, {"ERROR: \"f\" [fs/a.ko] undefined!"}, "ERROR: \"f\" [fs/a.ko] undefined!"},
    // The compiler's words about its output come first; the reason is the disk.
    {Kind::diskFull,
     {"fs/a.c:3:1: fatal error: error writing to /tmp/a.s: No space left on device"},
     "fs/a.c:3:1: fatal error: error writing to /tmp/a.s: No space left on device"},
    {Kind::diskFull,
     {"fs/a.c:3:1: error: something that follows", "ld: final link failed: Disk quota exceeded"},
     "ld: final link failed: Disk quota exceeded"},
    {Kind::memory,
     {"gcc: fatal error: Killed signal terminated program cc1", "compilation terminated."},
     "gcc: fatal error: Killed signal terminated program cc1"},
    {Kind::memory,
     {"collect2: fatal error: ld terminated with signal 9 [Killed]"},
     "collect2: fatal error: ld terminated with signal 9 [Killed]"},
    {Kind::memory,
     {"cc1: out of memory allocating 65536 bytes after a total of 1 bytes"},
     "cc1: out of memory allocating 65536 bytes after a total of 1 bytes"},
    {Kind::memory,
     {"../scripts/link-vmlinux.sh: line 90: 4711 Killed    pahole -J vmlinux"},
     "../scripts/link-vmlinux.sh: line 90: 4711 Killed    pahole -J vmlinux"},
    {Kind::kconfig,
     {"***", "*** C compiler is too old.", "***   Your GCC version:    4.9.0",
      "***   Minimum GCC version: 5.1.0", "***",
      "scripts/Kconfig.include:40: Sorry, this compiler is not supported."},
     "*** C compiler is too old."},
    {Kind::kconfig,
     {"error: recursive dependency detected!", "\tsymbol A depends on B"},
     "error: recursive dependency detected!"},
    {Kind::compiler,
     {"error[E0463]: can't find crate for `core`", "", "error: aborting due to 1 previous error"},
     "error[E0463]: can't find crate for `core`"},
    {Kind::unspecific,
     {"error: unknown lint: `frob`", "error: aborting due to 1 previous error"},
     "error: unknown lint: `frob`"},
    {Kind::compiler,
     {"{standard input}: Assembler messages:", "{standard input}:9: Error: bad register name"},
     "{standard input}:9: Error: bad register name"},
    {Kind::compiler,
     {"fs/a.c:3:1: internal compiler error: Segmentation fault"},
     "fs/a.c:3:1: internal compiler error: Segmentation fault"},
    {Kind::btf,
     {"../scripts/link-vmlinux.sh: line 120: 4711 Segmentation fault      pahole -J vmlinux",
      "FAILED: load BTF from vmlinux: No data available"},
     "../scripts/link-vmlinux.sh: line 120: 4711 Segmentation fault      pahole -J vmlinux"},
    // dash says no more.
    {Kind::unspecific,
     {"Segmentation fault", "FAILED: load BTF from vmlinux: No data available"},
     "Segmentation fault"},
    // Words of the source, not of the host.
    {Kind::compiler,
     {"fs/a.c:3:1: error: static assertion failed: \"Out of memory\"",
      "    3 | static_assert(0, \"Out of memory\");"},
     "fs/a.c:3:1: error: static assertion failed: \"Out of memory\""},
    {Kind::compiler,
     {"fs/a.c:2:1: warning: 'No space left on device' is unused",
      "    2 | const char *s = \"No space left on device\";", "fs/a.c:3:1: error: other"},
     "fs/a.c:3:1: error: other"},
    {Kind::memory,
     {"ld: final link failed: memory exhausted"},
     "ld: final link failed: memory exhausted"},
    {Kind::memory,
     {"memory allocation of 65536 bytes failed"},
     "memory allocation of 65536 bytes failed"},
    {Kind::program, {"/bin/sh: lz4: not found"}, "/bin/sh: lz4: not found"},
    {Kind::program,
     {"/bin/sh: line 1: lz4: command not found"},
     "/bin/sh: line 1: lz4: command not found"},
    {Kind::program,
     {"../scripts/frob.sh: 12: flex: not found"},
     "../scripts/frob.sh: 12: flex: not found"},
    {Kind::program,
     {"/bin/sh: ../scripts/frob: /usr/bin/python: bad interpreter: No such file or directory"},
     "/bin/sh: ../scripts/frob: /usr/bin/python: bad interpreter: No such file or directory"},
    {Kind::program,
     {"../scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory"},
     "../scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory"},
    {Kind::linker,
     {"ld: warning: a.o: missing .note.GNU-stack section implies executable stack",
      "ld: NOTE: This behaviour is deprecated and will be removed",
      "ld: fs/b.o: warning: relocation against `x'", "ld: cannot open output file vmlinux"},
     "ld: cannot open output file vmlinux"},
    {Kind::unspecific,
     {"make[2]: /bin/sh: Argument list too long"},
     "make[2]: /bin/sh: Argument list too long"},
    {Kind::unspecific,
     {"make: vfork: Resource temporarily unavailable"},
     "make: vfork: Resource temporarily unavailable"},
    {Kind::unspecific,
     {"Traceback (most recent call last):", "  File \"scripts/frob.py\", line 3, in <module>",
      "    frob()", "AssertionError"},
     "Traceback (most recent call last):"},
    {Kind::unspecific,
     {"scripts/frob: error: this tree needs a frob"},
     "scripts/frob: error: this tree needs a frob"},
    // Without any known word: what stands above make's complaint.
    {Kind::unspecific,
     {"  GEN     fs/table.c", "scripts/frob: cannot parse fs/table.in"},
     "scripts/frob: cannot parse fs/table.in"},
};

INSTANTIATE_TEST_SUITE_P(All, FirstErrorTest, testing::ValuesIn(kSnippets), [](const auto& info) {
  std::string name(nameOf(info.param.kind));
  std::erase(name, ' ');
  return name + std::to_string(info.index);
});

TEST(FirstError, EndsWhereTheNextReportBegins) {
  EXPECT_EQ(firstError({"  CC      fs/a.o",
                        "fs/a.c: In function 'f':", "fs/a.c:3:4: error: 'x' undeclared",
                        "    3 |   x", "      |   ^", "  CC      fs/b.o",
                        "make[3]: *** [fs/a.o] Error 1", "fs/b.c:1:1: error: another"})
                .text,
            "  fs/a.c: In function 'f':\n  fs/a.c:3:4: error: 'x' undeclared\n"
            "      3 |   x\n        |   ^");
}

// With several jobs at once, one error may be reported while others are on their way.
TEST(FirstError, IsTheFirstOfTwo) {
  EXPECT_EQ(firstError({"/bin/sh: 1: bc: not found", "fs/b.c:1:1: error: another"}).kind,
            Kind::program);
  EXPECT_EQ(firstError({"fs/b.c:1:1: error: another", "/bin/sh: 1: bc: not found"}).kind,
            Kind::compiler);
}

TEST(FirstError, SaysWhichCompilerIsTooOldAndWhichExceptionEndedAScript) {
  const Log old = {"***",
                   "*** C compiler is too old.",
                   "***   Your GCC version:    4.9.0",
                   "***   Minimum GCC version: 5.1.0",
                   "***",
                   "scripts/Kconfig.include:40: Sorry, this compiler is not supported."};
  EXPECT_THAT(firstError(old).text, testing::AllOf(testing::HasSubstr("Minimum GCC version"),
                                                   testing::HasSubstr("Sorry, this compiler")));
  EXPECT_THAT(firstError({"Traceback (most recent call last):", "  File \"a.py\", line 1, in f",
                          "    g()", "KeyError: 'x'", "make: *** [a] Error 1"})
                  .text,
              testing::EndsWith("  KeyError: 'x'"));
}

TEST(FirstError, MayBeNone) {
  const BuildError none = firstError({"  CC      a.o", "a.c:1:1: warning: unused"});
  EXPECT_EQ(none.kind, Kind::none);
  EXPECT_EQ(none.text, "");
}

TEST(FirstError, IsMakesIfNothingElseWasSaid) {
  const BuildError error = firstError({"  CC      a.o", "make[1]: *** [Makefile:9: a.o] Error 1"});
  EXPECT_EQ(error.kind, Kind::unspecific);
  EXPECT_EQ(error.text, "  make[1]: *** [Makefile:9: a.o] Error 1");
}

}  // namespace
}  // namespace runner
