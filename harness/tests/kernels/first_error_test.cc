// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "runner/kernels/build.h"

namespace runner {
namespace {

TEST(FirstError, IsTheCompilersNotMakes) {
  EXPECT_EQ(firstError({"  CC      fs/a.o",
                        "fs/a.c: In function 'f':", "fs/a.c:3:4: error: 'x' undeclared",
                        "    3 |   x", "      |   ^", "  CC      fs/b.o",
                        "make[3]: *** [fs/a.o] Error 1", "fs/b.c:1:1: error: another"}),
            "  fs/a.c: In function 'f':\n  fs/a.c:3:4: error: 'x' undeclared\n"
            "      3 |   x\n        |   ^");
}

TEST(FirstError, KnowsTheLinkersAndMakes) {
  EXPECT_EQ(firstError({"  LD      vmlinux",
                        "ld: x.o: in function `f':", "x.c:(.text+0x1): undefined reference to `g'",
                        "make: *** [vmlinux] Error 1"}),
            "  x.c:(.text+0x1): undefined reference to `g'");
  EXPECT_EQ(firstError({"make[1]: *** No rule to make target 'x'.  Stop."}),
            "  make[1]: *** No rule to make target 'x'.  Stop.");
  EXPECT_EQ(firstError({"  CC      a.o"}), "");
}

}  // namespace
}  // namespace runner
