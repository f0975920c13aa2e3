// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/core.h>
#include <sys/ptrace.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "architectures/registry.h"
#include "filesystems/registry.h"
#include "qemu/accelerator.h"
#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "runner/base/words.h"
#include "runner/cli/commands.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/elf.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kBuildBytes = 4ull << 30;  // unpacked source and one build

// User-Mode Linux runs its processes under ptrace, which some containers forbid.
bool canTrace() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : 1);
  int status = 1;
  return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

// User-Mode Linux maps a file in that directory as executable memory.
bool canMapCode(const char* directory) {
  struct statvfs filesystem {};
  return ::statvfs(directory, &filesystem) == 0 && (filesystem.f_flag & ST_NOEXEC) == 0;
}

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
  void say(std::string_view word, Tone tone, const std::string& what) {
    constexpr std::size_t kLabel = 9;
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

void examineTools(Examination& examination) {
  struct Tool {
    const char *program, *package;
  };
  std::vector<std::string> programs, missing, packages;
  for (const Tool& tool :
       {Tool{"gcc", "gcc"}, Tool{"make", "make"}, Tool{"ld", "binutils"}, Tool{"flex", "flex"},
        Tool{"bison", "bison"}, Tool{"bc", "bc"}, Tool{"patch", "patch"}, Tool{"tar", "tar"},
        Tool{"xz", "xz-utils"}, Tool{"apt-get", "apt"}}) {
    programs.emplace_back(tool.program);
    if (hasTool(tool.program)) continue;
    missing.emplace_back(tool.program);
    packages.emplace_back(tool.package);
  }
  if (missing.empty()) {
    examination.ok("tools to build a kernel: " + listed(programs));
  } else {
    std::string install = "apt-get install";
    for (const std::string& package : packages) install += ' ' + package;
    examination.bad(listed(missing), "kernels cannot be built: " + install);
  }
  if (hasTool("ccache")) {
    examination.ok("ccache: a rebuild takes a fraction of the time");
  } else {
    examination.weak("ccache", "every build starts from scratch: apt-get install ccache");
  }
}

void examineFilesystems(Examination& examination) {
  bool any = false;
  for (const filesystems::Filesystem& filesystem : filesystems::all()) {
    const filesystems::Mkfs& mkfs = filesystem.mkfs;
    if (hasTool(mkfs.program)) {
      any = true;
      examination.ok(fmt::format("{}: {}", filesystem.name, mkfs.program));
    } else {
      examination.weak(mkfs.program, fmt::format("cases on {} are skipped: apt-get install {}",
                                                 filesystem.name, mkfs.package));
    }
  }
  if (!any) examination.bad("mkfs for any filesystem", "no case can run");
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

void examineUserModeLinux(Examination& examination) {
  const fs::path directory = "/dev/shm";
  if (!canTrace()) {
    examination.bad("ptrace(2)",
                    "User-Mode Linux cannot run; allow it (in a container: --cap-add "
                    "SYS_PTRACE, or a seccomp profile that permits it), or use --machine qemu");
  } else if (!canMapCode(directory.c_str()) && !canMapCode("/tmp")) {
    examination.bad("a temporary directory without noexec",
                    "User-Mode Linux cannot map its memory: mount /dev/shm or /tmp without noexec");
  } else {
    examination.ok("User-Mode Linux: ptrace works and its memory can be mapped");
  }
}

void examineQemu(Examination& examination, const std::optional<Cache>& cache) {
  const architectures::Architecture* host = architectures::ofHost();
  if (host == nullptr) {
    examination.weak("QEMU for " + architectures::hostMachine(),
                     "unsupported architecture. Supported: " + architectures::names());
    return;
  }
  const std::string& program = host->qemu->program;
  if (!hasTool(program)) {
    examination.weak(program, "only --machine uml works: apt-get install " + host->qemu->package);
    return;
  }
  examination.ok("QEMU: " + program);
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

std::optional<Cache> examineCache(Examination& examination) {
  std::optional<Cache> cache;
  try {
    cache = Cache::open();
    requireSpace(cache->root(), kBuildBytes, "a kernel's source and build");
    examination.ok(fmt::format("cache: {}, {} free", cache->root().string(),
                               sizeText(fs::space(cache->root()).available)));
  } catch (const Failure& failure) {
    // Too little space is no reason to give up: kernels in the cache need no more.
    if (cache) {
      examination.weak("space in the cache", failure.what());
    } else {
      examination.bad("a cache", failure.what());
    }
  }
  return cache;
}

int doctor(const DoctorOptions& /*options*/, const Project& project) {
  const Style style = styleFor(STDOUT_FILENO);
  Examination examination(style);
  std::error_code error;
  if (fs::exists(project.guest, error)) {
    examination.ok("guest program: " + project.guest.string());
  } else {
    examination.bad(project.guest.string(), "the guest program: run ./ovl-syncfs, which builds it");
  }
  const std::optional<Cache> cache = examineCache(examination);
  examineTools(examination);
  examineFilesystems(examination);
  examineUserModeLinux(examination);
  examineQemu(examination, cache);
  examineShell(examination);
  print(examination.canRun()
            ? fmt::format("\n`ovl-syncfs run` works on this host, with {} at a time.\n",
                          counted(std::thread::hardware_concurrency(), "machine"))
            : "\n`ovl-syncfs run` does not work on this host until everything marked MISSING is "
              "fixed.\n");
  return static_cast<int>(examination.canRun() ? ExitStatus::pass : ExitStatus::environment);
}

}  // namespace

Command<DoctorOptions> doctorCommand() {
  return {"doctor", "report what the host can do and what is missing", kExitStatus,
          [](CLI::App& /*command*/, DoctorOptions& /*options*/) {}, doctor};
}

}  // namespace runner
