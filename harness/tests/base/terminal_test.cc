// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runner {
namespace {

// The kernels with and without a series may give rise to the same one.
TEST(TerminalProgress, PrintsTheSameNoteOnce) {
  testing::internal::CaptureStderr();
  {
    Terminal terminal;
    TerminalProgress progress(terminal);
    for (const char* note : {"lost an option", "something else", "lost an option"}) {
      progress.note(note);
    }
    EXPECT_THAT(progress.notes(), testing::ElementsAre("lost an option", "something else"));
  }
  const std::string printed = testing::internal::GetCapturedStderr();
  EXPECT_EQ(printed.find("lost an option"), printed.rfind("lost an option"));
}

}  // namespace
}  // namespace runner
