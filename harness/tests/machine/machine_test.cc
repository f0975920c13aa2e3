// SPDX-License-Identifier: GPL-2.0-only
// Every way in which a machine can end, on both machines, with guests that end in exactly that way.
#include "qemu/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "sys/descriptor.h"
#include "sys/setup_error.h"
#include "tests/machine/guests.h"

namespace qemu {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Less than the silence that ends a guest, and long enough for a busy host.
constexpr milliseconds kNamedWithin{10000};

class Machine : public MachineTest {};
INSTANTIATE_TEST_SUITE_P(Kinds, Machine, bothKinds(), nameOfKind);

TEST_P(Machine, PassesOnWhatTheGuestSays) {
  const Outcome outcome = boot("pass");
  EXPECT_EQ(outcome.kind, EndKind::finished) << outcome.detail;
  EXPECT_THAT(outcome.splats, IsEmpty());
  ASSERT_EQ(recorder_.lines.size(), 4u);
  std::string bytes;
  for (int byte = 1; byte < 256; ++byte) {
    if (byte != '\n') bytes += static_cast<char>(byte);
  }
  EXPECT_EQ(recorder_.lines[2], bytes) << "the channel changed a byte";
  EXPECT_GT(outcome.boot.count(), 0);
  EXPECT_GE(outcome.total, outcome.boot);
  EXPECT_THAT(consoleLog(), HasSubstr("Linux version"));
  EXPECT_THAT(consoleLog(), Not(HasSubstr("\r")));
  RecordProperty("boot_ms", static_cast<int>(outcome.boot.count()));
  RecordProperty("total_ms", static_cast<int>(outcome.total.count()));
}

TEST_P(Machine, NamesAPanic) {
  const Outcome outcome = boot("panic");
  EXPECT_EQ(outcome.kind, EndKind::panic) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("Attempted to kill init"));
  EXPECT_THAT(outcome.console_tail, Contains(HasSubstr("Kernel panic")));
  EXPECT_LT(sinceLastLine(), kNamedWithin);
}

TEST_P(Machine, NamesAPanicAfterTheLastVerdict) {
  const Outcome outcome = boot("panic-after-end");
  EXPECT_EQ(outcome.kind, EndKind::panic) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("after the last verdict"));
  EXPECT_LT(sinceLastLine(), kNamedWithin);
}

class Hang : public MachineTest {};
INSTANTIATE_TEST_SUITE_P(Kinds, Hang, bothKinds(), nameOfKind);

TEST_P(Hang, OfASleepingGuestIsNamedAtItsLimit) {
  limits_.silence = seconds(1);
  const Outcome outcome = boot("hang");
  EXPECT_EQ(outcome.kind, EndKind::timeout) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("1 s"));
  EXPECT_GE(sinceLastLine(), seconds(1));
  EXPECT_LT(sinceLastLine(), seconds(1) + kNamedWithin);
}

TEST_P(Hang, OfABusyGuestIsNamedAtItsLimit) {
  limits_.silence = seconds(1);
  const Outcome outcome = boot("spin");
  EXPECT_EQ(outcome.kind, EndKind::timeout) << outcome.detail;
  EXPECT_LT(sinceLastLine(), seconds(1) + kNamedWithin);
}

TEST_P(Hang, MayGetALongerLimitFromTheListener) {
  limits_.silence = seconds(1);
  recorder_.on_line = [this] { limits_.silence = seconds(2); };
  const Outcome outcome = boot("hang");
  EXPECT_EQ(outcome.kind, EndKind::timeout) << outcome.detail;
  EXPECT_GE(sinceLastLine(), seconds(2));
}

TEST_P(Hang, InsteadOfAPowerOffIsNamed) {
  limits_.shutdown = seconds(1);
  const Outcome outcome = boot("end-and-stay");
  EXPECT_EQ(outcome.kind, EndKind::timeout) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("power off"));
  EXPECT_LT(sinceLastLine(), seconds(1) + kNamedWithin);
}

TEST_P(Machine, NamesAGuestThatNeverSpeaks) {
  limits_.boot = seconds(6);
  const Outcome outcome = boot("silent");
  EXPECT_EQ(outcome.kind, EndKind::never_booted) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("6 s"));
  EXPECT_THAT(outcome.console_tail, Not(IsEmpty()));
  EXPECT_LT(outcome.total, seconds(6) + kNamedWithin);
}

TEST_P(Machine, NamesAFloodOfTheConsole) {
  const Outcome outcome = boot("flood");
  EXPECT_EQ(outcome.kind, EndKind::flooded) << outcome.detail;
  EXPECT_LT(sinceLastLine(), kNamedWithin);
  EXPECT_LT(std::filesystem::file_size(directory_ / "console.log"), Outcome::kConsoleLimit);
}

TEST_P(Machine, NamesAnEndlessLine) {
  const Outcome outcome = boot("flood-channel");
  EXPECT_EQ(outcome.kind, EndKind::flooded) << outcome.detail;
  EXPECT_EQ(recorder_.lines.size(), 1u);
}

TEST_P(Machine, NamesAWarningAndKeepsTheVerdictsAfterIt) {
  const Outcome outcome = boot("warn");
  EXPECT_EQ(outcome.kind, EndKind::splat) << outcome.detail;
  ASSERT_EQ(outcome.splats.size(), 1u);
  EXPECT_THAT(outcome.splats.front(), HasSubstr("ovl_sync_fs"));
  EXPECT_THAT(outcome.detail, HasSubstr(outcome.splats.front()));
  EXPECT_TRUE(recorder_.complete());
  EXPECT_LT(sinceLastLine(), kNamedWithin);
}

TEST_P(Machine, NamesAnEarlyPowerOff) {
  const Outcome outcome = boot("poweroff");
  EXPECT_EQ(outcome.kind, EndKind::powered_off) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("powered off before"));
  EXPECT_LT(sinceLastLine(), kNamedWithin);
}

TEST_P(Machine, NamesARestartAndBootsNoSecondTime) {
  const Outcome outcome = boot("restart");
  EXPECT_EQ(outcome.kind, EndKind::powered_off) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("restarted"));
  EXPECT_EQ(recorder_.lines.size(), 1u);
  EXPECT_LT(sinceLastLine(), kNamedWithin);
}

TEST_P(Machine, KeepsHalfALineToItself) {
  const Outcome outcome = boot("break-off");
  EXPECT_EQ(outcome.kind, EndKind::powered_off) << outcome.detail;
  EXPECT_EQ(recorder_.lines.size(), 1u);
  EXPECT_THAT(outcome.detail, HasSubstr("middle of a line"));
}

TEST_P(Machine, SaysWhyAnInitIsMissing) {
  limits_.boot = seconds(20);
  Boot boot = guest("pass");
  boot.initramfs = directory_ / "empty.cpio";
  std::ofstream(boot.initramfs) << "no archive";
  const Outcome outcome = run(machine(), boot, limits_, recorder_);
  EXPECT_EQ(outcome.kind, EndKind::panic) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("Unable to mount root fs"));
}

TEST_P(Machine, SaysThatAnImageIsNoKernel) {
  Boot boot = guest("pass");
  boot.kernel = "/bin/true";
  const Outcome outcome = run(machine(), boot, limits_, recorder_);
  EXPECT_EQ(outcome.kind, EndKind::never_booted) << outcome.detail;
  EXPECT_LT(outcome.total, kNamedWithin);
}

TEST_P(Machine, NamesAMissingImage) {
  for (auto member : {&Boot::kernel, &Boot::initramfs, &Boot::writable_disk}) {
    Boot boot = guest("pass");
    boot.*member = directory_ / "missing";
    try {
      run(machine(), boot, limits_, recorder_);
      FAIL() << "it ran";
    } catch (const sys::SetupError& error) {
      EXPECT_THAT(error.what(), HasSubstr((directory_ / "missing").string()));
    }
  }
}

TEST_P(Machine, AttachesDisksInOrderAndReadOnly) {
  Boot boot = guest("disks");
  for (const char* name : {"first, with a comma", "second:colon"}) {
    const auto disk = directory_ / name;
    std::ofstream(disk) << name;
    std::filesystem::resize_file(disk, 1 << 20);
    boot.disks.push_back(disk);
    boot.arguments.push_back(diskDevice(machine(), boot.disks.size() - 1));
  }
  const Outcome outcome = run(machine(), boot, limits_, recorder_);
  EXPECT_EQ(outcome.kind, EndKind::finished) << outcome.detail;
  ASSERT_GE(recorder_.lines.size(), 3u);
  EXPECT_THAT(recorder_.lines[1], HasSubstr("first, with a comma read-only"));
  EXPECT_THAT(recorder_.lines[2], HasSubstr("second:colon read-only"));
}

TEST_P(Machine, KeepsWhatIsWrittenToAWritableDisk) {
  const auto disk = directory_ / "mine, with a comma: and a colon";
  std::ofstream(disk) << "before";
  std::filesystem::resize_file(disk, 1 << 20);
  Boot boot = guest("write");
  boot.disks = {directory_ / "other"};
  std::ofstream(boot.disks[0]) << std::string(1 << 20, 'x');
  boot.writable_disk = disk;
  boot.arguments.push_back(diskDevice(machine(), 1));
  const Outcome outcome = run(machine(), boot, limits_, recorder_);
  EXPECT_EQ(outcome.kind, EndKind::finished) << outcome.detail;
  std::string content(7, '\0');
  std::ifstream(disk).read(content.data(), 7);
  EXPECT_EQ(content, "written");
  EXPECT_EQ(std::filesystem::file_size(disk), 1U << 20);

  const sys::Descriptor other(open(disk.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(flock(other.get(), LOCK_EX | LOCK_NB), 0) << "the guest still has it";
  EXPECT_THROW(run(machine(), boot, limits_, recorder_), sys::SetupError);
}

TEST_P(Machine, PassesArgumentsAsTheyAre) {
  Boot boot = guest("arguments");
  const std::vector<std::string> arguments = {"--filter", "A2.*/ext4/over lay", "--version",
                                              "quiet", "mem=1"};
  boot.arguments.insert(boot.arguments.end(), arguments.begin(), arguments.end());
  const Outcome outcome = run(machine(), boot, limits_, recorder_);
  EXPECT_EQ(outcome.kind, EndKind::finished) << outcome.detail;
  ASSERT_EQ(recorder_.lines.size(), arguments.size() + 2);
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    EXPECT_EQ(recorder_.lines[index + 1], arguments[index]);
  }
}

TEST_P(Machine, JoinsItsTerminalWithASocket) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const sys::Descriptor ours(ends[0]);
  sys::Descriptor theirs(ends[1]);
  Boot boot = guest("echo");
  boot.terminal = theirs.get();
  boot.arguments.push_back(machine().architecture->terminal);
  const std::string line = std::string("\x01\x03\x04\x1a\x1d\x7f\xff no byte is special\r") + '\n';
  recorder_.on_line = [&] {
    if (recorder_.lines.size() == 1) send(ours.get(), line.data(), line.size(), 0);
  };
  const Outcome outcome = run(machine(), boot, limits_, recorder_);
  EXPECT_EQ(outcome.kind, EndKind::finished) << outcome.detail;
  theirs.close();
  std::string heard(line.size() + 1, '\0');
  const ssize_t size = recv(ours.get(), heard.data(), heard.size(), MSG_WAITALL);
  heard.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  EXPECT_EQ(heard, line);
}

// In User-Mode Linux they take a kernel of their own (kernel-overlay/config/uml-smp.config), which
// the cases of the group "long" run on.
class SeveralProcessors : public MachineTest {};
INSTANTIATE_TEST_SUITE_P(Kinds, SeveralProcessors, testing::Values(Kind::qemu), nameOfKind);

TEST_P(SeveralProcessors, AreThereForTheGuest) {
  Boot boot = guest("cpus");
  boot.cpus = 2;
  const Outcome outcome = run(machine(), boot, limits_, recorder_);
  EXPECT_EQ(outcome.kind, EndKind::finished) << outcome.detail;
  ASSERT_EQ(recorder_.lines.size(), 3u);
  EXPECT_EQ(recorder_.lines[1], "2");
}

}  // namespace
}  // namespace qemu
