// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "runner/kernels/archive.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

TEST(HostMirrors, AreReadFromBothFormats) {
  const ScratchDirectory scratch;
  scratch.write("sources.list",
                "# deb http://commented.example/debian trixie main\n"
                "deb cdrom:[Debian]/ trixie main\n"
                "deb [arch=amd64 signed-by=/x.gpg] http://one.example/debian/ trixie main\n");
  scratch.write("sources.list.d/b.sources",
                "Types: deb\nEnabled: no\nURIs: http://off.example/debian-security\n"
                "Suites: x\nComponents: main\n\n"
                "Types: deb\n# a comment\nURIs: https://other.example/ubuntu\n"
                " http://two.example/debian-security\nSuites: x\nComponents: main\n");
  const Mirrors mirrors = hostMirrors(scratch.path());
  EXPECT_EQ(mirrors.debian, "http://one.example/debian");
  EXPECT_EQ(mirrors.security, "http://two.example/debian-security");
}

TEST(HostMirrors, AreTheStandardOnesWhenNoneIsNamed) {
  const ScratchDirectory scratch;
  EXPECT_EQ(hostMirrors(scratch.path()), Mirrors());
}

}  // namespace
}  // namespace runner
