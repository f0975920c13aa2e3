// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/accelerator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "qemu/probe_guest.h"

namespace qemu {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class AcceleratorTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "accelerator-test.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path cache() const { return directory_ / "accelerator"; }

  // The choice if no QEMU is found.
  AcceleratorChoice chosenWithoutQemu(const fs::path& device) const {
    const char* before = getenv("PATH");
    const std::string path = before != nullptr ? before : "";
    setenv("PATH", directory_.c_str(), 1);
    AcceleratorChoice choice = chooseAccelerator(architectures::x86_64(), cache(), device);
    setenv("PATH", path.c_str(), 1);
    return choice;
  }

  fs::path directory_;
};

TEST_F(AcceleratorTest, TheProbeAnswersWhereAGuestRuns) {
  EXPECT_TRUE(probeGuestAnswers(*architectures::x86_64().qemu, "tcg", std::chrono::seconds(30)));
}

TEST_F(AcceleratorTest, TheProbeDoesNotAnswerWhereNoneRuns) {
  EXPECT_FALSE(probeGuestAnswers(*architectures::x86_64().qemu, "no-such-accelerator",
                                 std::chrono::seconds(30)));
  EXPECT_FALSE(
      probeGuestAnswers(*architectures::x86_64().qemu, "tcg", std::chrono::milliseconds(0)))
      << "not within the limit";
}

TEST_F(AcceleratorTest, WithoutKvmItIsTcg) {
  const AcceleratorChoice choice =
      chooseAccelerator(architectures::x86_64(), cache(), directory_ / "no-kvm");
  EXPECT_EQ(choice.accelerator, Accelerator::tcg);
  EXPECT_THAT(choice.reason, HasSubstr("no-kvm"));
  EXPECT_FALSE(fs::exists(cache())) << "it can be tried again";
}

// What cannot run on the host's KVM, or cannot be tried, is emulated, and the choice says so.
TEST_F(AcceleratorTest, AnotherArchitectureIsEmulated) {
  architectures::Architecture other = architectures::x86_64();
  other.title = other.machine = "s390x";
  EXPECT_EQ(chooseAccelerator(other, cache()).accelerator, Accelerator::tcg);
  EXPECT_THAT(chooseAccelerator(other, cache()).reason, HasSubstr("cannot run a guest for s390x"));
  architectures::Architecture untried = architectures::x86_64();
  untried.qemu->probe.reset();
  EXPECT_EQ(chooseAccelerator(untried, cache()).accelerator, Accelerator::tcg);
  EXPECT_THAT(chooseAccelerator(untried, cache()).reason, HasSubstr("no probe guest for KVM"));
  EXPECT_FALSE(fs::exists(cache()));
}

// A plain file can be opened, like a KVM that never runs a guest; the result is remembered.
TEST_F(AcceleratorTest, TheAnswerIsAskedOnce) {
  const fs::path device = directory_ / "kvm";
  std::ofstream(device) << "";
  const AcceleratorChoice first = chooseAccelerator(architectures::x86_64(), cache(), device);
  ASSERT_TRUE(fs::exists(cache()));
  const AcceleratorChoice second = chosenWithoutQemu(device);
  EXPECT_EQ(first.accelerator, second.accelerator);
  EXPECT_EQ(first.reason, second.reason);
  EXPECT_NE(first.reason, "");
}

TEST_F(AcceleratorTest, AnAnswerFromAnotherBootDoesNotCount) {
  const fs::path device = directory_ / "kvm";
  std::ofstream(device) << "";
  std::ofstream(cache()) << "00000000-0000-0000-0000-000000000000 kvm\n";
  const AcceleratorChoice choice = chosenWithoutQemu(device);
  EXPECT_EQ(choice.accelerator, Accelerator::tcg);
  EXPECT_THAT(choice.reason, HasSubstr("could not be probed"));
  EXPECT_THAT(choice.reason, HasSubstr("qemu-system-x86_64"));
}

}  // namespace
}  // namespace qemu
