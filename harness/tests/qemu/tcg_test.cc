// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/tcg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "qemu/machine.h"
#include "tests/support/played_programs.h"
#include "tests/support/scratch_directory.h"

namespace qemu {
namespace {

using testing::HasSubstr;
using testing::Not;

class Silent : public Listener {
 public:
  void line(std::string_view) override {}
  bool complete() const override { return false; }
};

TEST(Tcg, EmulatesCpusInParallelSinceVersion81) {
  EXPECT_FALSE(emulatesCpusInParallel("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)"));
  EXPECT_FALSE(emulatesCpusInParallel("QEMU emulator version 8.0.5\n"));
  EXPECT_TRUE(emulatesCpusInParallel("QEMU emulator version 8.1.0\n"));
  EXPECT_TRUE(emulatesCpusInParallel("QEMU emulator version 9.0.2 (v9.0.2)"));
  EXPECT_TRUE(emulatesCpusInParallel("QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds-0)"));
}

TEST(Tcg, AnUnknownVersionCountsAsOld) {
  for (const char* version : {"", "version ", "version x.y", "version 9", "version 9.", "10.0"}) {
    EXPECT_FALSE(emulatesCpusInParallel(version)) << version;
  }
}

// A script plays QEMU: it prints a version or records its arguments.
class QemuTest : public testing::Test {
 protected:
  QemuTest() {
    boot_.kernel = scratch_.write("bzImage", "kernel");
    boot_.initramfs = scratch_.write("initramfs", "files");
    boot_.console_log = scratch_ / "console.log";
    boot_.accelerator = Accelerator::tcg;
  }

  // The arguments that a QEMU of this version gets.
  std::string argumentsOn(const std::string& version) {
    programs_.play("qemu-system-x86_64",
                   "[ \"$1\" != --version ] || exec echo 'QEMU emulator version " + version +
                       "'\nprintf '%s ' \"$@\" >'" + (scratch_ / "arguments").string() + "'\n");
    run(machineFor(architectures::x86_64()), boot_, {}, listener_);
    return scratch_.read("arguments");
  }
  // The value of -accel among them.
  std::string acceleratorOn(const std::string& version) {
    const std::string arguments = argumentsOn(version);
    const std::string option = "-accel ";
    const auto value = arguments.find(option);
    if (value == std::string::npos) return "none";
    const auto begin = value + option.size();
    return arguments.substr(begin, arguments.find(' ', begin) - begin);
  }

  runner::ScratchDirectory scratch_;
  const runner::PlayedPrograms programs_;
  Boot boot_;
  Silent listener_;
};

TEST_F(QemuTest, CpusOfAnOldOneShareAThread) {
  EXPECT_EQ(acceleratorOn("7.2.22"), "tcg,thread=multi");
  boot_.cpus = 2;
  EXPECT_EQ(acceleratorOn("7.2.22"), "tcg,thread=single");
  EXPECT_EQ(acceleratorOn("10.0.13"), "tcg,thread=multi");
}

TEST_F(QemuTest, OneThreadCountsInstructions) {
  boot_.counts_instructions = true;
  EXPECT_EQ(acceleratorOn("10.0.13"), "tcg,thread=single");
}

TEST_F(QemuTest, OnlyAKernelThatNeedsThemHasAllFeatures) {
  EXPECT_THAT(argumentsOn("10.0.13"), HasSubstr(" -cpu qemu64 "));
  boot_.needs_features = true;
  EXPECT_THAT(argumentsOn("10.0.13"), HasSubstr(" -cpu max "));
}

TEST_F(QemuTest, EveryKernelHasTheSerialLineThatHasItsVerdicts) {
  EXPECT_THAT(argumentsOn("10.0.13"), Not(HasSubstr("nr_uarts")));
  boot_.serial_verdicts = true;
  EXPECT_THAT(argumentsOn("10.0.13"), HasSubstr(" 8250.nr_uarts=4 "));
}

}  // namespace
}  // namespace qemu
