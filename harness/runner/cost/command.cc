// SPDX-License-Identifier: GPL-2.0-only
#include "runner/cost/command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "architectures/registry.h"
#include "qemu/initramfs.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/base/words.h"
#include "runner/cost/cost_record.h"
#include "runner/cost/report.h"
#include "runner/kernels/build.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/trees.h"
#include "runner/run/disks.h"
#include "runner/run/guest_modules.h"
#include "runner/run/machine_plan.h"
#include "runner/run/wanted.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

struct WantedKernel {
  std::string heading;
  KernelRequest request;
};

// The user's own kernel as it is. For one of our trees, the kernel without series, then with each
// series added to those before it.
std::vector<WantedKernel> wantedKernels(const KernelOptions& options, const Project& project) {
  KernelRequest request;
  request.tree = options.tree;
  request.modules = options.modules;
  request.architecture = &hostArchitecture();
  request.project = project.root;
  if (isOwnKernel(options.tree)) return {{"as it is", request}};
  request.series_on = false;
  std::vector<WantedKernel> wanted = {{"off", request}};
  Tree tree = loadTrees(project.root).named(options.tree);
  tree.keepSeries(options.with);
  request.series_on = true;
  for (const fs::path& series : tree.series) {
    const std::string name = series.filename().string();
    request.with.push_back(name);
    wanted.push_back({request.with.size() == 1 ? name : "+ " + name, request});
  }
  return wanted;
}

bool countsInstructions(const architectures::Architecture& architecture) {
  return architecture.qemu && architecture.qemu->counts_instructions;
}

// Checks a kernel of the user's own before it is built.
void checkOwnKernelForCost(const KernelOptions& options) {
  checkOwnKernel(options);
  const OwnKernel own = recogniseKernel(options.tree);
  if (own.kind != OwnKernel::Kind::image || countsInstructions(*own.architecture)) return;
  std::string images;
  for (const architectures::Architecture* each : architectures::all()) {
    if (countsInstructions(*each)) images += (images.empty() ? "" : ", ") + each->images;
  }
  throw Failure(ExitStatus::usage,
                fmt::format("{} is a kernel for {}, but instructions are counted in QEMU: name {}, "
                            "or kernel source",
                            options.tree, own.architecture->title, images));
}

std::vector<CallCost> measure(const qemu::Machine& machine, const qemu::Boot& boot,
                              Progress& progress) {
  CostRecord record([&](const CallCost& cost) {
    progress.advance(std::nullopt, fmt::format("{}: {}", cost.subject, cost.call));
  });
  return record.judge(qemu::run(machine, boot, record.limits(), record));
}

int cost(const CostOptions& options, const Project& project) {
  const architectures::Architecture& host = hostArchitecture();
  if (!countsInstructions(host)) {
    throw Failure(ExitStatus::environment,
                  fmt::format("counting instructions is not supported on {}", host.title));
  }
  requireQemu(host);
  if (isOwnKernel(options.kernel.tree)) checkOwnKernelForCost(options.kernel);
  const auto began = std::chrono::steady_clock::now();
  const std::vector<WantedKernel> wanted = wantedKernels(options.kernel, project);
  const Cache cache = Cache::open();
  CostRun run;
  run.filesystem = options.filesystems.front();
  Terminal terminal;
  {
    TerminalProgress progress(terminal);
    qemu::Boot boot;
    boot.disks = {provideDisk(run.filesystem, cache, progress)};
    boot.accelerator = qemu::Accelerator::tcg;
    boot.counts_instructions = true;
    const TemporaryDirectory directory(cache.directory("cost"));
    boot.initramfs = directory.path() / "initramfs";
    boot.console_log = directory.path() / "console.log";
    for (const auto& [heading, request] : wanted) {
      const Kernel kernel = provideKernel(request, cache, progress);
      auto needs = needsOf(kernel, {run.filesystem});
      const TemporaryDirectory modules(directory.path());
      qemu::writeInitramfs(project.guest, boot.initramfs,
                           packModules(needs[run.filesystem], modules.path()));
      boot.kernel = kernel.image;
      boot.memory_megabytes = memoryFor(kernel);
      boot.arguments = prepareShipped(kernel, boot);
      boot.arguments.insert(
          boot.arguments.end(),
          {"--disk", run.filesystem + '=' + qemu::diskDevice(kernel.machine, 0), "--cost"});
      progress.step(fmt::format("count instructions on Linux {}, series {}",
                                kernel.identity.release, kernel.identity.series));
      run.kernels.push_back({heading, kernel.identity, measure(kernel.machine, boot, progress)});
    }
    run.notes = progress.notes();
  }
  run.total = since(began);
  print(options.markdown ? costMarkdown(run) : costTable(run, styleFor(STDOUT_FILENO)));
  return 0;
}

void offer(CLI::App& command, CostOptions& options) {
  addTree(command, options.kernel);
  addModules(command, options.kernel);
  addWith(command, options.kernel);
  addOneFilesystem(command, options);
  addFlag(command, "--markdown", options.markdown, "print the table of Documentation/cost.md");
}

constexpr const char* kDetails =
    R"(Boots each kernel in QEMU so that the CPU's time stamp counter counts instructions, and prints what
each system call takes on the bare filesystem, on an overlay and on a volatile overlay. For one of
our trees that is the kernel without the series, then with each series added to those before it. A
kernel of your own is measured as it is.

Examples:
  ovl-syncfs cost                                 newest mainline, all its series
  ovl-syncfs cost --with b-volatile-failstop      one series alone
  ovl-syncfs cost --tree ./bzImage                your own image)";

}  // namespace

Command<CostOptions> costCommand() {
  return {"cost", "count the instructions that the series cost", kDetails, offer, cost};
}

}  // namespace runner
