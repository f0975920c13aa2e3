// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/options.h"

#include <fmt/format.h>

#include <algorithm>

#include "filesystems/registry.h"
#include "runner/base/failure.h"
#include "runner/base/style.h"
#include "runner/base/words.h"
#include "runner/kernels/trees.h"

namespace runner {
namespace {

std::string filesystemType(const char* separator) {
  return fmt::format("{}", fmt::join(filesystems::names(), separator));
}

void setLane(KernelOptions& kernel, const std::string& lane) {
  const auto option = [](const std::string& name) {
    return name == filesystems::kProfileLane ? "--fs with a profile" : "--" + name;
  };
  if (!kernel.lane.empty() && kernel.lane != lane) {
    throw Failure(ExitStatus::usage, "{} and {} exclude each other: a kernel has one of them",
                  option(kernel.lane), option(lane));
  }
  kernel.lane = lane;
}

void choose(RunOptions& options, const std::string& filesystem) {
  if (filesystems::isProfile(filesystem)) setLane(options.kernel, filesystems::kProfileLane);
  addOnce(options.filesystems, filesystem);
}

void addMachines(CLI::App& command, KernelOptions& kernel, bool vng) {
  std::string about = "User-Mode Linux, which needs no root and no KVM (default), or QEMU";
  std::vector<std::string> possible = {"uml", "qemu"};
  if (vng) {
    about += "; vng: QEMU started by virtme-ng";
    possible.emplace_back("vng");
  }
  addOption(
      command, {"--machine", fmt::format("{}", fmt::join(possible, "|")), about},
      [&kernel](const std::string& typed) {
        for (const auto kind : {qemu::Kind::userModeLinux, qemu::Kind::qemu, qemu::Kind::vng}) {
          if (typed == qemu::nameOf(kind)) kernel.machine = kind;
        }
      },
      [vng, possible, isPossible = oneOf(possible)](std::string& typed) {
        return vng || typed != "vng"
                   ? isPossible(typed)
                   : fmt::format("only `run` takes 'vng'. Possible here: {}", listed(possible));
      });
  const auto add = [&](const char* lane, const char* about) {
    const auto set = [&kernel, lane] { setLane(kernel, lane); };
    addFlag(command, (std::string("--") + lane).c_str(), set, about);
  };
  add("debug", "build the kernel with KASAN, lockdep and the like; allow more time and memory");
  add("distro", "build the kernel with the options that distributions set");
  add("engines", "build the kernel with what container engines need; allow more memory");
}

}  // namespace

std::vector<bool> sidesOf(SeriesChoice series) {
  if (series == SeriesChoice::both) return {false, true};
  return {series == SeriesChoice::on};
}

void addTree(CLI::App& command, KernelOptions& kernel, bool own) {
  const auto check = [](const std::string& typed) {
    return namesSeveralTrees(typed)
               ? fmt::format("'{}' is more than one tree, which only `run` and `explore` take",
                             typed)
               : "";
  };
  const char* about = own ? "one of our trees, or the path of your own kernel (default: mainline)"
                          : "one of our trees (default: mainline)";
  addText(command, {"--tree", own ? "TREE|PATH" : "TREE", about}, kernel.tree, check);
}

void addModules(CLI::App& command, KernelOptions& kernel) {
  addPath(command,
          {"--modules", "DIR|PACKAGE",
           "the modules of your own kernel (default: those of its package, or beside its image)"},
          kernel.modules);
}

void addApply(CLI::App& command, KernelOptions& kernel) {
  addText(command,
          {"--apply", "TREE|auto",
           "apply the series of this tree of ours to a copy of your source; auto: choose it"},
          kernel.apply, [](const std::string& typed) {
            return typed.empty() ? "it names no tree: name one of ours, or auto" : "";
          });
}

void addWith(CLI::App& command, KernelOptions& kernel) {
  addOption(command, {"--with", "SERIES,...", "apply only these series of the tree (default: all)"},
            [&kernel](const std::string& typed) { kernel.with = splitAtCommas(typed); });
}

void addSeries(CLI::App& command, KernelOptions& kernel, bool both) {
  Words<SeriesChoice> words = {{"on", SeriesChoice::on}, {"off", SeriesChoice::off}};
  if (both) words.emplace_back("both", SeriesChoice::both);
  addWord(command, "--series",
          both ? "with our patches (default), without them, or both side by side"
               : "with our patches (default), or without them",
          words, kernel.series);
  addWith(command, kernel);
  addNumber(command,
            {"--patches", "N", "apply only the first N patches of these series (default: all)"},
            [&kernel](unsigned count) { kernel.patches = count; });
}

void addMachine(CLI::App& command, KernelOptions& kernel) {
  addMachines(command, kernel, false);
}

void addOneFilesystem(CLI::App& command, RunOptions& options) {
  const std::string& first = filesystems::names().front();
  options.filesystems = {first};
  addOption(
      command,
      {"--fs", filesystemType("|"),
       fmt::format("the filesystem below the overlay (default: {})", first)},
      [&options](const std::string& typed) {
        options.filesystems.clear();
        choose(options, typed);
      },
      [isPossible = oneOf(filesystems::everyName())](std::string& typed) {
        const bool several = typed == "all" || typed.contains(',');
        return several ? fmt::format(
                             "'{}' is more than one filesystem, but this command takes one. "
                             "Possible: {}",
                             typed, listed(filesystems::everyName()))
                       : isPossible(typed);
      });
}

void addFilesystems(CLI::App& command, RunOptions& options, const std::string& about, bool all) {
  addOption(
      command, {"--fs", filesystemType(",") + (all ? "|all" : ""), about},
      [&options, all](const std::string& typed) {
        options.filesystems.clear();
        options.names_all = all && typed == "all";
        if (options.names_all) return;
        for (const std::string& word : splitAtCommas(typed)) choose(options, word);
      },
      [all, arePossible = listOf(filesystems::everyName())](std::string& typed) {
        if (all && typed == "all") return std::string();
        const auto words = splitAtCommas(typed);
        if (!all || std::ranges::count(words, "all") == 0) return arePossible(typed);
        return fmt::format("'all' stands alone: give only that, or some of {}",
                           listed(filesystems::everyName()));
      });
}

void addProfiles(CLI::App& command, RunOptions& options) {
  addOption(
      command,
      {"--profiles", "FS,...|all",
       "the profiles of these filesystems, or all; beside --fs, if that is given"},
      // After that of --fs, which is defined before.
      [&options](const std::string& typed) {
        if (options.names_all) options.filesystems = filesystems::names();
        const auto those = splitAtCommas(typed);
        for (const filesystems::Filesystem& each : filesystems::profiles()) {
          const bool is_wanted = typed == "all" || std::ranges::count(those, each.base()) != 0;
          if (is_wanted) choose(options, each.name);
        }
      },
      [](std::string& typed) {
        return typed == "all" ? std::string() : listOf(filesystems::namesWithProfiles())(typed);
      });
}

void addGroup(CLI::App& command, RunOptions& options) {
  addOption(
      command,
      {"--group", "quick|long|all",
       "quick cases (default), long ones with many repetitions, or all"},
      [&options](const std::string& typed) {
        options.group = typed;
        options.kernel.smp = typed != "quick";
      },
      oneOf({"quick", "long", "all"}));
}

void addAccelerator(CLI::App& command, RunOptions& options) {
  const Words<std::optional<qemu::Accelerator>> words = {
      {"auto", std::nullopt}, {"kvm", qemu::Accelerator::kvm}, {"tcg", qemu::Accelerator::tcg}};
  addWord(command, "--accel", "QEMU's accelerator (default: KVM if a guest boots on it)", words,
          options.accelerator);
}

void addBoot(CLI::App& command, RunOptions& options) {
  addNumber(command, {"--jobs,-j", "N", "boot N machines at a time (default: one per CPU)"},
            [&options](unsigned count) { options.jobs = count; });
  addAccelerator(command, options);
  addOut(command, options.out);
}

void addOut(CLI::App& command, std::filesystem::path& out) {
  addPath(command, {"--out", "DIR", "write the reports there (default: in the cache)"}, out);
}

void addTable(CLI::App& command, std::filesystem::path& table) {
  addPath(command, {"--table", "FILE", "also write the table to this file, as plain text"}, table);
}

namespace {

// What is judged: kernels, machines and filesystems.
void addJudged(CLI::App& command, RunOptions& options) {
  addText(command,
          {"--tree", "TREE|PATH,...",
           "our trees, paths of your own kernels, or all (default: mainline)"},
          options.kernel.tree);
  addModules(command, options.kernel);
  addApply(command, options.kernel);
  addSeries(command, options.kernel);
  addMachines(command, options.kernel, true);
  addFilesystems(command, options, "one or several, or all whose mkfs is installed (default)",
                 true);
  addProfiles(command, options);
}

}  // namespace

void addRun(CLI::App& command, RunOptions& options) {
  addJudged(command, options);
  addText(command, {"--filter", "GLOB", "run only these cases; see below"}, options.filter);
  addGroup(command, options);
  addFlag(command, "--disarmed", options.disarmed,
          "inject no fault: every case that relies on one must end as an error");
  addBoot(command, options);
  addTable(command, options.table);
  addOption(command,
            {"--shard", "I/N", "boot only the I-th of N parts of the machines; see `merge`"},
            [&options](const std::string& typed) { options.shard = parseShard(typed); });
}

void addExplore(CLI::App& command, RunOptions& options) {
  constexpr unsigned kMostSeeds = 1'000'000'000;
  constexpr unsigned kMostSeconds = 7 * 24 * 3600;
  options.exploration.emplace();
  const auto choose = [&options](unsigned Exploration::*amount, unsigned value) {
    Exploration& exploration = *options.exploration;
    exploration.*amount = value;
    if (exploration.steps != 0 && exploration.seconds != 0) {
      throw Failure(ExitStatus::usage, "--steps and --time exclude each other: give one of them");
    }
  };
  addNumber(
      command,
      {"--steps", "N",
       fmt::format("on each filesystem, shared by the kinds that run (default: {})",
                   Exploration::kUsualSteps)},
      [choose](unsigned count) { choose(&Exploration::steps, count); }, Exploration::kMostSteps);
  addNumber(
      command, {"--time", "SECONDS", "on each filesystem, shared likewise; instead of --steps"},
      [choose](unsigned seconds) { choose(&Exploration::seconds, seconds); }, kMostSeconds);
  addNumber(
      command,
      {"--seed", "S",
       fmt::format("same seed, same kernel: same steps (default: {})", options.exploration->seed)},
      [&options](unsigned seed) { options.exploration->seed = seed; }, kMostSeeds);
  addJudged(command, options);
  addText(command, {"--filter", "GLOB", "only these sequences, such as B4"}, options.filter);
  addBoot(command, options);
}

std::string Exploration::text() const {
  const std::size_t amount = seconds != 0 ? seconds : stepCount();
  return fmt::format("{},{}{}", seed, (amount * kinds + kinds_left - 1) / kinds_left,
                     seconds != 0 ? "s" : "");
}

}  // namespace runner
