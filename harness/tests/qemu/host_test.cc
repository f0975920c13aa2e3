// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "qemu/host_memory.h"
#include "qemu/uml_host.h"
#include "qemu/uml_probe.h"
#include "tests/support/scratch_directory.h"

namespace qemu {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// A limit of this process, for the length of a test.
class LoweredLimit {
 public:
  LoweredLimit(decltype(RLIMIT_AS) resource, rlim_t value) : resource_(resource) {
    getrlimit(resource_, &before_);
    const rlimit lowered = {value, before_.rlim_max};
    setrlimit(resource_, &lowered);
  }
  LoweredLimit(const LoweredLimit&) = delete;
  LoweredLimit& operator=(const LoweredLimit&) = delete;
  ~LoweredLimit() { setrlimit(resource_, &before_); }

 private:
  decltype(RLIMIT_AS) resource_;
  rlimit before_ = {};
};

class HostTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    directory_.write(name, text);
  }
  std::uint64_t available() const {
    return availableMegabytes(directory_ / "proc", directory_ / "cgroup");
  }

  const runner::ScratchDirectory directory_;
};

TEST_F(HostTest, MemoryIsWhatTheKernelHasLeft) {
  write("proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable: 2097152 kB\nSwapFree: 1048576 kB\n");
  EXPECT_EQ(available(), 3072u);
}

TEST_F(HostTest, MemoryIsWhatAnyCgroupHasLeft) {
  write("proc/meminfo", "MemAvailable: 8388608 kB\n");
  write("proc/self/cgroup", "0::/outer/inner\n");
  write("cgroup/outer/inner/memory.max", "max\n");
  write("cgroup/outer/memory.max", "1073741824\n");
  write("cgroup/outer/memory.current", "805306368\n");
  write("cgroup/outer/memory.stat", "anon 1\ninactive_file 268435456\n");
  EXPECT_EQ(available(), 512u);
}

TEST_F(HostTest, AContainerSeesItsCgroupAtTheRoot) {
  write("proc/meminfo", "MemAvailable: 8388608 kB\n");
  write("proc/self/cgroup", "9:name=systemd:/x\n4:cpu,memory:/docker/0123\n0::/\n");
  write("cgroup/memory/memory.limit_in_bytes", "536870912\n");
  write("cgroup/memory/memory.usage_in_bytes", "134217728\n");
  EXPECT_EQ(available(), 384u);
}

TEST_F(HostTest, UsingMoreThanTheLimitLeavesNothing) {
  write("proc/self/cgroup", "0::/\n");
  write("cgroup/memory.max", "1000000\n");
  write("cgroup/memory.current", "2000000\n");
  EXPECT_EQ(available(), 0u);
}

TEST_F(HostTest, WithoutTheFilesNothingLimitsMemory) {
  EXPECT_GT(available(), 1u << 30);
}

TEST(HostLimits, AUsualHostLacksNothing) {
  EXPECT_THAT(whyNoProgramsOnHost(), IsEmpty());
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(HostLimits, NamesTheLimitThatIsTooLow) {
  {
    const LoweredLimit limit(RLIMIT_NOFILE, 60);
    EXPECT_THAT(whyNoProgramsOnHost(), Contains(HasSubstr("open files is 60")));
  }
  {
    const LoweredLimit limit(RLIMIT_STACK, 256 << 10);
    EXPECT_THAT(whyNoProgramsOnHost(), Contains(HasSubstr("256 KiB")));
  }
  const LoweredLimit limit(RLIMIT_SIGPENDING, 0);
  EXPECT_THAT(missingOnHost({}, {}), Contains(HasSubstr("ulimit -i")));
}

TEST(HostLimits, AFileLimitLeavesNoPlaceForMemory) {
  ::signal(SIGXFSZ, SIG_IGN);  // as installInterruptHandlers() does
  {
    const LoweredLimit limit(RLIMIT_FSIZE, 1 << 20);
    EXPECT_THAT(missingOnHost({}, {}), Contains(HasSubstr("ulimit -f")));
    EXPECT_EQ(memoryPlace(512, 1).guests, 0u);
  }
  ::signal(SIGXFSZ, SIG_DFL);
}

TEST(HostLimits, MachinesAreAsManyAsDescriptorsPermit) {
  const LoweredLimit limit(RLIMIT_NOFILE, 48 + 2 * 16);
  EXPECT_LE(roomOnHost({}, {}, 8).machines, 2u);
}

TEST(UserModeLinuxHost, MemoryThatFitsNowhereIsNamedWithEachPlace) {
  constexpr unsigned kTooMuch = 1u << 31;
  const MemoryPlace place = memoryPlace(kTooMuch, 1);
  EXPECT_EQ(place.guests, 0u);
  EXPECT_THAT(place.directory, IsEmpty());
  EXPECT_THAT(place.problem, HasSubstr("/dev/shm: "));
  EXPECT_THAT(place.problem, HasSubstr("/var/tmp: "));
}

TEST(UserModeLinuxHost, APlaceForMemoryIsNamedWithHowMuchFits) {
  const MemoryPlace place = memoryPlace(1, 3);
  EXPECT_THAT(place.directory, testing::Not(IsEmpty()));
  EXPECT_EQ(place.guests, 3u);
}

TEST(UserModeLinuxHost, EitherWayToRunProcessesIsEnough) {
  if (whyNoSeccomp().empty()) {
    EXPECT_EQ(whyNoProcesses({}, 2), "");
  }
  if (whyNoSeccomp().empty() || whyNoPtrace().empty()) {
    EXPECT_EQ(whyNoProcesses({}, 1), "");
  }
}

}  // namespace
}  // namespace qemu
