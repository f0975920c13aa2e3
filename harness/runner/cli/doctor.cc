// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "architectures/registry.h"
#include "filesystems/registry.h"
#include "qemu/accelerator.h"
#include "qemu/host.h"
#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "runner/base/progress.h"
#include "runner/base/words.h"
#include "runner/cli/commands.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/elf.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"
#include "runner/results/case_list.h"
#include "runner/run/machine_plan.h"
#include "runner/run/wanted.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// Thrown where `run` would begin to fetch, patch or build something.
struct WorkNeeded {};

// Does no work. Notes come as lines of their own here.
class NoWork : public Progress {
 public:
  void step(std::string_view /*what*/) override { throw WorkNeeded(); }
  void advance(std::optional<double> /*fraction*/, std::string_view /*detail*/) override {}
  void note(std::string_view /*what*/) override {}
  void remark(std::string_view /*what*/) override { throw WorkNeeded(); }  // waits for another run
};

class Examination {
 public:
  explicit Examination(const Style& style) : style_(style) {}

  void ok(const std::string& what) { say("ok", Tone::good, what); }
  // `run` works without it, with this consequence.
  void weak(const std::string& what, const std::string& consequence) {
    say("missing", Tone::warning, fmt::format("{}; {}", what, consequence));
  }
  // `run` does not work without it.
  void bad(const std::string& what, const std::string& consequence) {
    say("MISSING", Tone::bad, fmt::format("{}; {}", what, consequence));
    can_run_ = false;
  }
  bool canRun() const { return can_run_; }

 private:
  void say(std::string_view word, Tone tone, std::string what) {
    constexpr std::size_t kLabel = 9;
    std::ranges::replace(what, '\n', ' ');
    bool is_first = true;
    for (const std::string& line : wrap(what, style_.width - kLabel)) {
      print((is_first ? paint(pad(word, kLabel), tone, style_) : std::string(kLabel, ' ')) + line +
            '\n');
      is_first = false;
    }
  }

  const Style& style_;
  bool can_run_ = true;
};

// What the cache has of the kernel that `run` boots if it is not told otherwise. Without it, that
// kernel is fetched and built.
struct InCache {
  bool image = false, source = false;
};

InCache defaultKernelIn(const std::optional<Cache>& cache, const Project& project) {
  InCache in_cache;
  if (!cache) return in_cache;
  try {
    NoWork progress;
    in_cache.source = rememberedSource(loadTrees(project.root).standard(), *cache).has_value();
    provideKernels(KernelOptions(), project, *cache, progress);
    in_cache.image = true;
  } catch (const WorkNeeded&) {
  } catch (const Failure&) {
    // For want of a compiler, for example, which has a line of its own.
  }
  return in_cache;
}

void examineTools(Examination& examination, bool is_built) {
  std::vector<std::string> found;
  bool all = true;
  const auto examine = [&](const auto& programs) {
    for (const char* program : programs) {
      try {
        findTool(program);
        found.emplace_back(program);
      } catch (const Failure& missing) {
        all = false;
        if (is_built) {
          examination.weak(missing.what(), "no other kernel can be built");
        } else {
          examination.bad(missing.what(), "no kernel can be built");
        }
      }
    }
  };
  examine(kBuildTools);
  examine(kCompilerTools);
  examine(kSourceTools);
  if (all) examination.ok("tools to build a kernel: " + listed(found));
  if (hasTool("ccache")) {
    examination.ok("ccache: a rebuild takes a fraction of the time");
  } else {
    examination.weak("ccache", "every build starts from scratch: apt-get install ccache");
  }
}

// Returns how many there are.
std::size_t examineFilesystems(Examination& examination) {
  std::size_t found = 0;
  for (const filesystems::Filesystem& filesystem : filesystems::all()) {
    const filesystems::Mkfs& mkfs = filesystem.mkfs;
    if (hasTool(mkfs.program)) {
      ++found;
      examination.ok(fmt::format("{}: {}", filesystem.name, mkfs.program));
    } else {
      examination.weak(mkfs.program, fmt::format("cases on {} are skipped: apt-get install {}",
                                                 filesystem.name, mkfs.package));
    }
  }
  if (found == 0) examination.bad("mkfs for any filesystem", "no case can run");
  return found;
}

void examineShell(Examination& examination) {
  const architectures::Architecture* host = architectures::ofHost();
  if (host != nullptr && hasTool("busybox") && isStaticProgram(findTool("busybox"), *host)) {
    examination.ok("shell: static busybox");
  } else {
    examination.weak("static busybox",
                     "`ovl-syncfs shell` does not work: apt-get install busybox-static");
  }
}

// Trees whose User-Mode Linux cannot run here, by the reason.
void examineTrees(Examination& examination, const Project& project) {
  std::map<std::string, std::vector<std::string>> trees;
  for (const Tree& tree : loadTrees(project.root).all) {
    const std::string why = whyNoUserModeLinux(&tree, 1);
    if (!why.empty()) trees[why].push_back(tree.name);
  }
  for (const auto& [why, names] : trees) {
    examination.weak("User-Mode Linux of " + listed(names), "QEMU is used instead: " + why);
  }
}

// The machine that `run` boots if it is not told otherwise. filesystems: on how many. Returns how
// many run at a time.
unsigned examineMachine(Examination& examination, const Project& project, std::size_t filesystems) {
  try {
    NoWork progress;
    const qemu::Machine machine =
        qemu::machineFor(architectureFor(KernelOptions(), project, progress));
    const std::string& title = machine.architecture->title;
    requireQemu(*machine.architecture);
    const std::vector<std::string> problems = qemu::missingOnHost(machine, {});
    for (const std::string& problem : problems) examination.bad(title, problem);
    std::vector<MachinePlan> plans(std::max<std::size_t>(filesystems, 1));
    for (MachinePlan& plan : plans) plan.machine = machine;
    const unsigned jobs = jobsFor(0, plans);
    if (problems.empty()) {
      const std::string& memory = plans.front().boot.memory_directory;
      examination.ok(memory.empty() ? title : title + ": its memory goes to " + memory);
    }
    return jobs;
  } catch (const Failure& failure) {
    examination.bad("a machine to run kernels", failure.what());
    return 0;
  }
}

void examineQemu(Examination& examination, const std::optional<Cache>& cache) {
  const architectures::Architecture* host = architectures::ofHost();
  if (host == nullptr) {
    examination.weak("QEMU for " + architectures::hostMachine(),
                     "unsupported architecture. Supported: " + architectures::names());
    return;
  }
  try {
    requireQemu(*host);
  } catch (const Failure& missing) {
    examination.weak("QEMU", missing.what());
    return;
  }
  const std::string& program = host->qemu->program;
  const std::vector<std::string> problems = qemu::missingOnHost(qemu::machineFor(*host), {});
  for (const std::string& problem : problems) examination.weak("--machine qemu", problem);
  if (problems.empty()) examination.ok("QEMU: " + program);
  if (hasTool("vng")) {
    examination.ok("virtme-ng: vng");
  } else {
    examination.weak("vng",
                     "--machine vng does not work: install virtme-ng from Debian (13 or later) or "
                     "from PyPI");
  }
  if (!cache) return;
  const qemu::AcceleratorChoice choice =
      qemu::chooseAccelerator(*host, cache->root() / "accelerator");
  if (choice.accelerator == qemu::Accelerator::kvm) {
    examination.ok("KVM: " + choice.reason);
  } else {
    examination.weak("KVM", "guests run slower: " + choice.reason);
  }
}

std::optional<Cache> openCache(Examination& examination) {
  try {
    return Cache::open();
  } catch (const Failure& failure) {
    examination.bad("a cache", failure.what());
    return std::nullopt;
  }
}

void examineSpace(Examination& examination, const Cache& cache, const InCache& in_cache) {
  if (const std::string why = qemu::whyNotExecutable(cache.root()); !why.empty()) {
    examination.bad("the cache", why);
  }
  try {
    requireSpace(cache.root(), kEverythingBytes, "the source of Linux and a build of it");
    examination.ok(fmt::format("cache: {}, {} free", cache.root().string(),
                               sizeText(fs::space(cache.root()).available)));
  } catch (const Failure& failure) {
    if (in_cache.image || in_cache.source) {
      examination.weak("space for another kernel in the cache", failure.what());
    } else {
      examination.bad("space in the cache", failure.what());
    }
  }
}

void examineAll(Examination& examination, const Project& project) {
  const std::vector<std::string> problems = qemu::whyNoProgramsOnHost();
  for (const std::string& problem : problems) {
    examination.bad("permission to start programs", problem);
  }
  if (!problems.empty()) return;  // the rest cannot be told without
  try {
    listCases(project.guest);
    examination.ok("guest program: " + project.guest.string());
  } catch (const Failure& failure) {
    examination.bad("guest program", failure.what());
  }
  const std::optional<Cache> cache = openCache(examination);
  const InCache in_cache = defaultKernelIn(cache, project);
  if (cache) examineSpace(examination, *cache, in_cache);
  examineTools(examination, in_cache.image);
  const std::size_t filesystems = examineFilesystems(examination);
  const unsigned jobs = examineMachine(examination, project, filesystems);
  examineTrees(examination, project);
  examineQemu(examination, cache);
  examineShell(examination);
  if (!examination.canRun()) return;
  print(fmt::format("\n`ovl-syncfs run` works on this host, with {} at a time.\n",
                    counted(jobs, "machine")));
}

int doctor(const DoctorOptions& /*options*/, const Project& project) {
  const Style style = styleFor(STDOUT_FILENO);
  Examination examination(style);
  examineAll(examination, project);
  if (examination.canRun()) return static_cast<int>(ExitStatus::pass);
  print(
      "\n`ovl-syncfs run` does not work on this host until everything marked MISSING is "
      "fixed.\n");
  return static_cast<int>(ExitStatus::environment);
}

}  // namespace

Command<DoctorOptions> doctorCommand() {
  return {"doctor", "report what the host can do and what is missing", kExitStatus,
          [](CLI::App& /*command*/, DoctorOptions& /*options*/) {}, doctor};
}

}  // namespace runner
