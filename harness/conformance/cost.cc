// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/cost.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/failing_disk.h"
#include "conformance/fault_log.h"
#include "conformance/kernel_probe.h"
#include "conformance/scratch.h"
#include "conformance/subject.h"
#include "conformance/workspace.h"
#include "sys/extents.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kWarmUp = 200;  // uncounted calls that fill the caches
constexpr std::size_t kRepetitions = 1001;
constexpr std::size_t kRepetitionsOfMounts = 201;  // which take a thousand times as long

struct Count {
  std::uint64_t instructions = 0;  // the median
  std::size_t repetitions = 0;
  std::size_t equal = 0;  // repetitions that took exactly the median
};

Count summary(std::vector<std::uint64_t> counts) {
  const auto middle = counts.begin() + std::ssize(counts) / 2;
  std::nth_element(counts.begin(), middle, counts.end());
  return {*middle, counts.size(),
          static_cast<std::size_t>(std::count(counts.begin(), counts.end(), *middle))};
}

// Counts from just before the call to just after it; prepare() comes before each and is not
// counted.
template <typename Prepare, typename Call>
Count countCalls(const std::string& name, const Prepare& prepare, const Call& call,
                 std::size_t repetitions = kRepetitions) {
  std::vector<std::uint64_t> counts(repetitions);
  for (std::size_t i = 0; i < kWarmUp + repetitions; ++i) {
    prepare();
    const std::uint64_t before = __rdtsc();
    const long answer = call();
    const std::uint64_t after = __rdtsc();
    sys::require(answer, name, "to be counted");
    if (i >= kWarmUp) counts[i - kWarmUp] = after - before;
  }
  return summary(std::move(counts));
}

template <typename Call>
Count countCalls(const std::string& name, const Call& call) {
  return countCalls(
      name, [] {}, call);
}

std::uint64_t ticksOfLoop(std::uint64_t turns) {
  const std::uint64_t before = __rdtsc();
  asm volatile(
      "1: dec %0\n"
      "jnz 1b"
      : "+r"(turns)
      :
      : "cc");
  return __rdtsc() - before;
}

// A loop of two instructions must take 2n more ticks for n more turns. Interrupts may add to that,
// hence the smallest of several counts.
bool counterCountsInstructions() {
  constexpr std::uint64_t kTurns = 1000;
  const auto smallest = [](std::uint64_t turns) {
    std::uint64_t least = ticksOfLoop(turns);
    for (int i = 0; i < 20; ++i) least = std::min(least, ticksOfLoop(turns));
    return least;
  };
  return smallest(2 * kTurns) - smallest(kTurns) == 2 * kTurns;
}

long closed(int descriptor) {
  return descriptor < 0 ? descriptor : ::close(descriptor);
}

class Measurement {
 public:
  Measurement(Subject& subject, std::uint64_t counting, Channel& channel)
      : subject_(subject), counting_(counting), channel_(channel) {}

  void run() {
    const sys::File data = subject_.open("data");
    const sys::File directory(subject_.root(), O_RDONLY | O_DIRECTORY);
    const int file = data.descriptor(), merged = directory.descriptor();
    const std::string path = subject_.path("data");
    std::array<char, kPageBytes> page{};
    struct stat status = {};
    tell("pread, 4 KiB",
         countCalls("pread", [&] { return ::pread(file, page.data(), kPageBytes, 0); }));
    tell("pwrite, 4 KiB",
         countCalls("pwrite", [&] { return ::pwrite(file, page.data(), kPageBytes, 0); }));
    tell("open and close",
         countCalls("open", [&] { return closed(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); }));
    tell("stat", countCalls("stat", [&] { return ::stat(path.c_str(), &status); }));
    tell("getdents",
         countCalls(
             "getdents", [&] { sys::require(::lseek(merged, 0, SEEK_SET), "lseek", path); },
             [&] { return ::syscall(SYS_getdents64, merged, page.data(), kPageBytes); }));
    sys::require(::syncfs(file), "syncfs", path);
    tell("syncfs, clean", countCalls("syncfs", [&] { return ::syncfs(file); }));
    if (subject_.isOverlay()) countMounts();
  }

 private:
  // One more overlay, on its own layers.
  void countMounts() {
    const bool is_volatile = subject_.kind() == SubjectKind::volatile_overlay;
    const Layers layers = subject_.layers.fresh();
    const sys::File written(layers.upper, O_RDONLY | O_DIRECTORY);
    sys::require(::syncfs(written.descriptor()), "syncfs", layers.upper);
    const std::string options = layers.options + (is_volatile ? ",volatile" : "");
    const std::string target = subject_.layers.freshDirectory();
    const auto mountAndUnmount = [&] {
      const int answer = ::mount("overlay", target.c_str(), "overlay", 0, options.c_str());
      return answer < 0 ? answer : ::umount2(target.c_str(), 0);
    };
    // On most kernels, what a volatile mount leaves there makes the next mount fail.
    const auto forget = [&] { std::filesystem::remove_all(layers.work + "/work"); };
    tell("mount, unmount",
         countCalls("mount, unmount", forget, mountAndUnmount, kRepetitionsOfMounts));
    if (is_volatile && mountAndUnmount() < 0) {
      if (errno != EINVAL) throw sys::SetupError("mount", target, errno);
      return;
    }
    const auto keep = [] {};
    tell("mount again, unmount",
         countCalls("mount again, unmount", keep, mountAndUnmount, kRepetitionsOfMounts));
  }

  void tell(const std::string& call, const Count& count) {
    if (count.instructions < counting_) {
      throw sys::SetupError("count", call + ": fewer instructions than counting takes", 0);
    }
    channel_.send({{"event", "cost"},
                   {"call", call},
                   {"filesystem", subject_.filesystem().name},
                   {"subject", name(subject_.kind())},
                   {"instructions", count.instructions - counting_},
                   {"repetitions", count.repetitions},
                   {"equal", count.equal}});
  }

  Subject& subject_;
  std::uint64_t counting_;  // the overhead of counting
  Channel& channel_;
};

}  // namespace

void measureCost(const Disk& disk, Channel& channel) {
  std::vector<std::string> missing = missingThings({disk});
  if (!counterCountsInstructions()) {
    missing.emplace_back(
        "a time stamp counter that counts instructions, as QEMU's does with -icount shift=0");
  }
  channel.send({{"event", "hello"}, {"kernel", kernelRelease()}});
  for (const std::string& what : missing) channel.send({{"event", "unable"}, {"what", what}});
  if (missing.empty()) {
    Workspace workspace;
    FailingDisk failing_disk(disk, {0, sys::deviceSectors(scratchDevice())});
    LayerDirectories::populate(failing_disk, workspace);
    const std::uint64_t counting = countCalls("nothing", [] { return 0L; }).instructions;
    for (const SubjectKind kind :
         {SubjectKind::plain, SubjectKind::overlay, SubjectKind::volatile_overlay}) {
      FaultLog log;
      Subject subject(kind, failing_disk, workspace, "", log);
      Measurement(subject, counting, channel).run();
      subject.tearDown();
    }
    failing_disk.finish();
  }
  channel.send({{"event", "end"}});
}

}  // namespace conformance
