// SPDX-License-Identifier: GPL-2.0-only
// What the tests of the machines boot: kernels from the environment, and the misbehaving guest.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "qemu/machine.h"

namespace qemu {

inline constexpr const char* kUmlKernel = "OVL_SYNCFS_TEST_UML_KERNEL";
inline constexpr const char* kX86Kernel = "OVL_SYNCFS_TEST_X86_KERNEL";
inline constexpr const char* kGuest = "OVL_SYNCFS_TEST_GUEST";

// A small version of the suite's listener: keeps the lines, and is complete after "end".
class Recorder : public Listener {
 public:
  void line(std::string_view text) override;
  bool complete() const override { return complete_; }

  std::vector<std::string> lines;
  std::chrono::steady_clock::time_point last_line;
  std::function<void()> on_line;  // called after each line

 private:
  bool complete_ = false;
};

// Skips without kernel and guest; afterwards asserts that no process and no file is left.
class MachineTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override;
  void TearDown() override;

  Machine machine() const;
  // A guest that behaves as told, as the misbehaving guest names it.
  Boot guest(const std::string& behaviour) const;
  // Boots it with limits for a test, which the test may change.
  Outcome boot(const std::string& behaviour);
  // The console's file, as text.
  std::string consoleLog() const;
  // How long it took from the guest's last line to the end of the machine.
  std::chrono::milliseconds sinceLastLine() const;

  std::filesystem::path directory_;
  Limits limits_{.boot = std::chrono::seconds(30),
                 .silence = std::chrono::seconds(10),
                 .shutdown = std::chrono::seconds(5)};
  Recorder recorder_;
};

// The names of tests: "/UserModeLinux", "/Qemu".
std::string nameOfKind(const testing::TestParamInfo<Kind>& info);
inline auto bothKinds() {
  return testing::Values(Kind::userModeLinux, Kind::qemu);
}

// Waits until this process, which adopts the orphans of its children, has no child left.
bool childlessWithin(std::chrono::milliseconds limit);

}  // namespace qemu
