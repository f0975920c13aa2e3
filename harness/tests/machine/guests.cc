// SPDX-License-Identifier: GPL-2.0-only
#include "tests/machine/guests.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>
#include <utility>

#include "qemu/initramfs.h"

namespace qemu {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kShownOnFailure = 8192;  // bytes of the console: an oops and what led to it
constexpr std::array<std::pair<const char*, const char*>, 2> kDirectories = {
    {{"HOME", "home"}, {"TMPDIR", "temporary"}}};

const char* kernelVariable(Kind kind) {
  return kind == Kind::userModeLinux ? kUmlKernel : kX86Kernel;
}

}  // namespace

void Recorder::line(std::string_view text) {
  lines.emplace_back(text);
  last_line = steady_clock::now();
  if (text.find("\"event\":\"end\"") != std::string_view::npos) complete_ = true;
  if (on_line) on_line();
}

void MachineTest::SetUp() {
  for (const char* variable : {kernelVariable(GetParam()), kGuest}) {
    if (getenv(variable) == nullptr) GTEST_SKIP() << variable << " is not set";
  }
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::string name = "/tmp/machine-test.XXXXXX";
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  directory_ = name;
  // Where a machine might leave something: empty before and after the test.
  for (const auto& [variable, name] : kDirectories) {
    fs::create_directory(directory_ / name);
    setenv(variable, (directory_ / name).c_str(), 1);
  }
  writeInitramfs(getenv(kGuest), directory_ / "guest.cpio");
}

void MachineTest::TearDown() {
  if (directory_.empty()) return;
  if (HasFailure()) {
    const std::string console = consoleLog();
    std::cerr << "the console of the last machine ends with:\n"
              << console.substr(console.size() - std::min(console.size(), kShownOnFailure)) << '\n';
  }
  EXPECT_TRUE(childlessWithin(milliseconds(5000))) << "a process of the machine is left";
  for (const auto& [variable, name] : kDirectories) {
    EXPECT_TRUE(fs::is_empty(directory_ / name)) << "a file of the machine is left in " << variable;
  }
  fs::remove_all(directory_);
}

Machine MachineTest::machine() const {
  const bool is_uml = GetParam() == Kind::userModeLinux;
  return machineFor(is_uml ? architectures::um() : architectures::x86_64());
}

Boot MachineTest::guest(const std::string& behaviour) const {
  Boot boot;
  boot.kernel = getenv(kernelVariable(GetParam()));
  boot.initramfs = directory_ / "guest.cpio";
  boot.arguments = {behaviour, "--verdicts", machine().architecture->verdicts};
  boot.accelerator = GetParam() == Kind::qemu ? Accelerator::tcg : Accelerator::none;
  boot.console_log = directory_ / "console.log";
  return boot;
}

Outcome MachineTest::boot(const std::string& behaviour) {
  return run(machine(), guest(behaviour), limits_, recorder_);
}

std::string MachineTest::consoleLog() const {
  std::ifstream file(directory_ / "console.log", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

milliseconds MachineTest::sinceLastLine() const {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - recorder_.last_line);
}

std::string nameOfKind(const testing::TestParamInfo<Kind>& info) {
  return info.param == Kind::userModeLinux ? "UserModeLinux" : "Qemu";
}

bool childlessWithin(milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  for (;;) {
    const pid_t reaped = waitpid(-1, nullptr, WNOHANG | __WALL);
    if (reaped < 0 && errno == ECHILD) return true;
    if (reaped > 0) continue;
    if (steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
}

}  // namespace qemu
