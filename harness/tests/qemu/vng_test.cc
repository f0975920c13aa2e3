// SPDX-License-Identifier: GPL-2.0-only
// The arguments for virtme-ng, and how its end is judged; a script plays virtme-ng.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "sys/setup_error.h"
#include "tests/support/played_programs.h"
#include "tests/support/scratch_directory.h"

namespace qemu {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Parses the options as virtme-ng and QEMU do.
constexpr const char* kOptions = R"(
for argument; do
	printf '%s\n' "$argument" >>"$directory/arguments"
	case $argument in --qemu-opts=*) options=$argument ;; esac
done
printf '%s\n' "${TMPDIR-none}" >"$directory/tmpdir"
verdicts=$(printf '%s' "$options" | sed 's/.*id=verdicts,[^ ]*path=\([^ ,]*\).*/\1/')
control=$(printf '%s' "$options" | sed 's/.*id=control,[^ ]*path=\([^ ,]*\).*/\1/')
)";
constexpr const char* kQemuRuns = "echo '{\"QMP\": {}}' >>\"$control\"\n";
constexpr const char* kGuestSays = "echo one >>\"$verdicts\"\necho two >>\"$verdicts\"\n";
constexpr const char* kPowersOff = "echo '[    1.000000] reboot: Power down' >&2\n";

class TwoLines : public Listener {
 public:
  void line(std::string_view text) override { lines.emplace_back(text); }
  bool complete() const override { return lines.size() == 2; }
  std::vector<std::string> lines;
};

class VngTest : public testing::Test {
 protected:
  VngTest() {
    boot_.kernel = scratch_.write("bzImage", "kernel");
    boot_.program = "/bin/sh";  // where the guest can see it
    boot_.disks = {scratch_.write("disk", "disk")};
    boot_.arguments = {"--filter=A1.*", "x y"};
    boot_.accelerator = Accelerator::tcg;
    boot_.console_log = scratch_ / "console.log";
  }

  // Boots with a `vng` that does these steps.
  Outcome boot(const std::string& steps) {
    programs_.play("vng", "directory='" + scratch_.path().string() + "'" + kOptions + steps);
    return run({Kind::vng, &architectures::x86_64()}, boot_, {}, listener_);
  }
  std::string complaint(const std::string& steps) {
    try {
      boot(steps);
    } catch (const sys::SetupError& error) {
      return error.what();
    }
    return "none";
  }

  runner::ScratchDirectory scratch_;
  const runner::PlayedPrograms programs_;
  Boot boot_;
  TwoLines listener_;
};

TEST_F(VngTest, PassesOnWhatTheGuestSays) {
  const Outcome outcome = boot(std::string(kQemuRuns) + kGuestSays + kPowersOff);
  EXPECT_EQ(outcome.kind, EndKind::finished) << outcome.detail;
  EXPECT_THAT(listener_.lines, ElementsAre("one", "two"));
  EXPECT_THAT(scratch_.read("console.log"), HasSubstr("Power down"));
}

TEST_F(VngTest, LeavesTheUsersTreeAlone) {
  boot(std::string(kQemuRuns) + kGuestSays + kPowersOff);
  const std::string arguments = scratch_.read("arguments");
  EXPECT_THAT(arguments, HasSubstr("--skip-modules\n"));
  EXPECT_THAT(arguments, HasSubstr("--disable-kvm\n"));
  EXPECT_THAT(arguments, HasSubstr("/bin/sh '--filter=A1.*' 'x y'; true\n"));
  EXPECT_THAT(arguments, HasSubstr("readonly=on"));
  EXPECT_EQ(scratch_.read("tmpdir"), scratch_.path().string() + '\n');
}

TEST_F(VngTest, CpusOfAnOldQemuShareAThread) {
  boot_.cpus = 2;
  for (const auto& [version, one_thread] :
       {std::pair("7.2.22", true), std::pair("10.0.13", false)}) {
    programs_.play("qemu-system-x86_64", std::string("echo QEMU emulator version ") + version);
    boot(std::string(kQemuRuns) + kGuestSays + kPowersOff);
    const std::string arguments = scratch_.read("arguments");
    fs::remove(scratch_ / "arguments");
    EXPECT_THAT(arguments, HasSubstr("--cpus\n2\n"));
    EXPECT_EQ(arguments.find("-accel tcg,thread=single") != std::string::npos, one_thread)
        << arguments;
  }
}

TEST_F(VngTest, AnUnquotableDirectoryIsNotItsTmpdir) {
  for (const char* name : {"a,b", "a b"}) {
    boot_.console_log = scratch_ / name / "console.log";
    fs::create_directories(scratch_ / name);
    boot(std::string(kQemuRuns) + kGuestSays + kPowersOff);
    EXPECT_THAT(scratch_.read("tmpdir"), Not(HasSubstr(name)));
  }
}

TEST_F(VngTest, AProgramThatTheGuestDoesNotSeeIsRefused) {
  const runner::TemporaryDirectory directory("/dev/shm");
  boot_.program = directory.path() / "guest";
  fs::copy_file("/bin/sh", boot_.program);
  EXPECT_THAT(complaint(std::string(kQemuRuns) + kGuestSays + kPowersOff),
              AllOf(HasSubstr(boot_.program.string()), HasSubstr("a /dev of its own")));
}

TEST_F(VngTest, AnEndBeforeQemuIsAnError) {
  EXPECT_THAT(complaint("echo 'no such option' >&2\nexit 1\n"),
              AllOf(HasSubstr("start QEMU"), HasSubstr("status 1"), HasSubstr("no such option")));
}

TEST_F(VngTest, ASilentKernelNeverBooted) {
  const Outcome outcome = boot(std::string(kQemuRuns) + "exit 255\n");
  EXPECT_EQ(outcome.kind, EndKind::never_booted) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("virtme-ng ended with status 255"));
}

TEST_F(VngTest, AnEndWithoutPowerOffIsALostMachine) {
  const Outcome outcome = boot(std::string(kQemuRuns) + kGuestSays);
  EXPECT_EQ(outcome.kind, EndKind::lost) << outcome.detail;
}

TEST_F(VngTest, WhatDoesNotFitIntoTheCommandLineIsRefused) {
  boot_.arguments.emplace_back(1000, 'x');
  EXPECT_THAT(complaint(kQemuRuns), AllOf(HasSubstr("arguments of"), HasSubstr("E2BIG")));
}

TEST_F(VngTest, RequiresKvmIfRequested) {
  boot_.accelerator = Accelerator::kvm;
  const std::string steps = std::string(kQemuRuns) + kGuestSays + kPowersOff;
  if (access("/dev/kvm", R_OK | W_OK) == 0) {
    boot(steps);
    EXPECT_THAT(scratch_.read("arguments"), Not(HasSubstr("--disable-kvm")));
  } else {
    EXPECT_THAT(complaint(steps), HasSubstr("/dev/kvm"));
  }
}

}  // namespace
}  // namespace qemu
