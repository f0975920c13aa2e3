// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/generated_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "filesystems/registry.h"
#include "qemu/initramfs.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/base/words.h"
#include "runner/kernels/series.h"
#include "runner/mutants/build_ahead.h"
#include "runner/mutants/equivalents.h"
#include "runner/mutants/generated_report.h"
#include "runner/mutants/mutant_kernels.h"
#include "runner/mutants/until_killed.h"
#include "runner/run/disks.h"
#include "runner/run/machine_plan.h"
#include "runner/run/report_directory.h"
#include "runner/run/wanted.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using GeneratedClock = std::chrono::steady_clock;

class GeneratedCommand {
 public:
  GeneratedCommand(const MutantsOptions& options, const Project& project, const Tree& tree)
      : options_(options),
        project_(project),
        tree_(tree),
        cache_(Cache::open()),
        series_(readSeries(tree.series)) {}

  std::string list(const Style& style) {
    const auto files = changedFiles();
    const auto mutants = chosenMutants(mutantsOf(files), options_.filter);
    return options_.json ? generatedListJson(mutants, files) : generatedList(mutants, style);
  }

  int run(const Style& style) {
    checkMachine(options_);
    // Building the kernel may take minutes, so refuse a filter that matches nothing first.
    if (!options_.filter.empty()) chosenMutants(mutantsOf(changedFiles()), options_.filter);
    reports_.emplace(options_.out, cache_);
    prepare();
    const MutantKernels kernels = provideKernels();
    const std::vector<GeneratedMutant> all = mutantsOf(kernels.source().files());
    const std::vector<GeneratedMutant> chosen = chosenMutants(all, options_.filter);
    readList(all);
    judgeSeries(kernels.build());
    buildAhead(
        chosen.size(), true,
        [&](std::size_t number) {
          return buildMutant(kernels.build(), chosen[number], image(number));
        },
        [&](std::size_t number, GeneratedResult& result) {
          if (result.fate == GeneratedFate::survived) bootMutant(image(number), result);
          report(result, number + 1, chosen.size());
          run_.results.push_back(std::move(result));
        });
    run_.version = project_.version();
    run_.total = since(began_);
    writeReports(kernels.source().files());
    print(generatedTable(run_, reports_->path().string(), style));
    return static_cast<int>(judge(run_));
  }

 private:
  std::vector<PatchedFile> changedFiles() {
    TerminalProgress progress(terminal_);
    return patchedFilesOf(tree_, series_, cache_, progress);
  }

  void prepare() {
    TerminalProgress progress(terminal_);
    request_ = requestFor(options_.kernel, project_);
    request_.architecture = &architectureFor(options_.kernel, project_, progress);
    if (qemu::machineFor(*request_.architecture).kind != qemu::Kind::userModeLinux) {
      throw Failure(ExitStatus::usage, "--generate is for User-Mode Linux only");
    }
    kernel_ = provideKernel(request_, cache_, progress);
    if (options_.exploration) setup_.exploration = options_.exploration->text();
    cases_ = listCases(project_.guest, setup_.exploration);
    const auto names = options_.filesystems.empty() ? filesystems::names() : options_.filesystems;
    for (const std::string& name : names) {
      targets_.push_back({name, planCases(cases_, name, {}, options_.group), "",
                          provideDisk(name, cache_, progress)});
    }
    run_.kernel = kernel_.identity;
    run_.notes = progress.notes();
    run_.filesystems = names;
    setup_.group = options_.group;
    setup_.directory = reports_->temporary();
    run_.machine = machineInWords(kernel_.machine, setup_.accelerator);
    qemu::writeInitramfs(project_.guest, setup_.directory / "initramfs");
  }

  MutantKernels provideKernels() {
    TerminalProgress progress(terminal_);
    return {request_, kernel_, tree_, series_, cache_, progress};
  }

  void readList(const std::vector<GeneratedMutant>& all) {
    equivalents_ = readEquivalents(project_.root / "harness" / "mutants" / "equivalent.toml",
                                   tree_.name + variantOf(request_));
    for (const auto& [name, reason] : equivalents_) {
      if (std::ranges::count(all, name, &GeneratedMutant::name) == 0) run_.stale.push_back(name);
    }
  }

  fs::path image(std::size_t number) const { return imageAhead(setup_.directory, number); }

  // Boots the image until something kills the mutant. patterns: of the cases; empty: all.
  std::optional<CaseResult> boot(const fs::path& image, Target target,
                                 const std::vector<std::string>& patterns) {
    Kernel kernel = kernel_;
    kernel.image = image;
    MachineSetup setup = setup_;
    setup.patterns = patterns;
    if (!patterns.empty()) {
      target.cases = planCases(cases_, target.filesystem, patterns, options_.group);
    }
    return bootUntilKilled(planMachine(target, kernel, setup, "console.log"));
  }

  // What kills the right kernel kills every mutant.
  void judgeSeries(const MutantBuild& build) {
    build.link(image(0));
    for (const Target& target : targets_) {
      terminal_.print(fmt::format("the series without a mutant, {}", target.filesystem));
      if (const auto kill = boot(image(0), target, {})) {
        throw Failure(ExitStatus::fail,
                      "the series itself does not pass on {}, so its mutants cannot be judged: {}. "
                      "See `ovl-syncfs run`",
                      target.filesystem, killInWords(*kill));
      }
    }
  }

  static GeneratedResult buildMutant(const MutantBuild& build, const GeneratedMutant& mutant,
                                     const fs::path& image) {
    using Kind = MutantBuild::Result::Kind;
    const auto began = GeneratedClock::now();
    const MutantBuild::Result built = build.build({{mutant.file, mutant.text}}, image);
    GeneratedResult result{mutant};
    result.building = since(began);
    result.detail = built.detail;
    if (built.kind == Kind::invalid) result.fate = GeneratedFate::invalid;
    if (built.kind == Kind::identical) result.fate = GeneratedFate::identical;
    return result;
  }

  void bootMutant(const fs::path& image, GeneratedResult& result) {
    const auto began = GeneratedClock::now();
    // Most often a case of its series kills it: "gen-c-..." by "C*".
    const char series = static_cast<char>(std::toupper(result.mutant.name.at(4)));
    const std::vector<std::string> patterns = {fmt::format("{}*", series)};
    std::optional<CaseResult> kill;
    for (auto target = targets_.begin(); target != targets_.end() && !kill; ++target) {
      if (!options_.exploration) kill = boot(image, *target, patterns);
      if (!kill) kill = boot(image, *target, {});
    }
    result.booting = since(began);
    settle(result, kill, equivalents_);
  }

  void report(const GeneratedResult& result, std::size_t number, std::size_t all) {
    terminal_.print(fmt::format("{} of {}: {}: {}{}", number, all, result.mutant.name,
                                nameOf(result.fate),
                                result.detail.empty() ? "" : ": " + result.detail));
  }

  void writeReports(const std::vector<PatchedFile>& files) const {
    writeFileAtomically(reports_->path() / "generated.json", generatedJson(run_));
    for (const GeneratedResult& each : run_.results) {
      if (each.fate != GeneratedFate::survived) continue;
      const auto file = std::ranges::find(files, each.mutant.file, &PatchedFile::name);
      writeFileAtomically(reports_->path() / (each.mutant.name + ".patch"),
                          patchOf(each.mutant, file->text));
    }
    reports_->publish();
  }

  const GeneratedClock::time_point began_ = GeneratedClock::now();
  const MutantsOptions& options_;
  const Project& project_;
  const Tree& tree_;
  const Cache cache_;
  const Series series_;
  std::optional<ReportDirectory> reports_;
  Terminal terminal_;
  KernelRequest request_;
  Kernel kernel_;  // without a mutant
  MachineSetup setup_;
  std::vector<ListedCase> cases_;
  std::vector<Target> targets_;
  std::map<std::string, std::string> equivalents_;
  GeneratedRun run_;
};

}  // namespace

int generatedMutants(const MutantsOptions& options, const Project& project, const Tree& tree) {
  if (options.markdown) {
    throw Failure(ExitStatus::usage,
                  "--markdown is for the mutants that are stored: omit --generate");
  }
  const Style style = styleFor(STDOUT_FILENO);
  GeneratedCommand command(options, project, tree);
  if (!options.list && !options.json) return command.run(style);
  print(command.list(style));
  return 0;
}

}  // namespace runner
