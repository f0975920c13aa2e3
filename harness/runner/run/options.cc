// SPDX-License-Identifier: GPL-2.0
#include "runner/run/options.h"

#include <fmt/format.h>

#include "filesystems/registry.h"
#include "runner/base/style.h"
#include "runner/base/words.h"
#include "runner/kernels/trees.h"

namespace runner {
namespace {

std::string filesystemType(const char* separator) {
  return fmt::format("{}", fmt::join(filesystems::names(), separator));
}

void addMachines(CLI::App& command, KernelOptions& kernel, bool vng) {
  std::string about = "User-Mode Linux, which needs no root and no KVM (default), or QEMU";
  Words<qemu::Kind> words = {{"uml", qemu::Kind::userModeLinux}, {"qemu", qemu::Kind::qemu}};
  if (vng) {
    about += "; vng: QEMU as virtme-ng starts it";
    words.emplace_back("vng", qemu::Kind::vng);
  }
  addWord(command, "--machine", about, words, kernel.machine);
  addFlag(command, "--debug", kernel.debug,
          "build the kernel with KASAN, lockdep and the like; allow more time and memory");
}

}  // namespace

std::vector<bool> sidesOf(SeriesChoice series) {
  if (series == SeriesChoice::both) return {false, true};
  return {series == SeriesChoice::on};
}

void addTree(CLI::App& command, KernelOptions& kernel, bool own) {
  const auto check = [](const std::string& typed) {
    return namesSeveralTrees(typed)
               ? fmt::format("'{}' is more than one tree, which only `run` takes", typed)
               : "";
  };
  const char* about = own ? "one of our trees, or the path of your own kernel (default: mainline)"
                          : "one of our trees (default: mainline)";
  addText(command, {"--tree", own ? "TREE|PATH" : "TREE", about}, kernel.tree, check);
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
      [&options](const std::string& typed) { options.filesystems = {typed}; },
      oneOf(filesystems::names()));
}

void addFilesystems(CLI::App& command, RunOptions& options, const std::string& about, bool all) {
  addOption(
      command, {"--fs", filesystemType(",") + (all ? "|all" : ""), about},
      [&options, all](const std::string& typed) {
        options.filesystems.clear();
        if (all && typed == "all") return;
        for (const std::string& word : splitAtCommas(typed)) addOnce(options.filesystems, word);
      },
      [all, check = listOf(filesystems::names())](std::string& typed) {
        return all && typed == "all" ? "" : check(typed);
      });
}

void addGroup(CLI::App& command, RunOptions& options) {
  addOption(
      command,
      {"--group", "quick|long|all", "quick cases (default), long ones that repeat much, or all"},
      [&options](const std::string& typed) {
        options.group = typed;
        options.kernel.smp = typed != "quick";
      },
      oneOf({"quick", "long", "all"}));
}

void addAccelerator(CLI::App& command, RunOptions& options) {
  const Words<std::optional<qemu::Accelerator>> words = {
      {"auto", std::nullopt}, {"kvm", qemu::Accelerator::kvm}, {"tcg", qemu::Accelerator::tcg}};
  addWord(command, "--accel", "QEMU's accelerator (default: KVM if a guest really runs on it)",
          words, options.accelerator);
}

void addBoot(CLI::App& command, RunOptions& options) {
  addNumber(command, {"--jobs,-j", "N", "boot N machines at a time (default: one per CPU)"},
            [&options](unsigned count) { options.jobs = count; });
  addAccelerator(command, options);
  addOut(command, options.out);
}

void addOut(CLI::App& command, std::filesystem::path& out) {
  addPath(command, {"--out", "DIR", "write the reports there (default: below the cache)"}, out);
}

void addTable(CLI::App& command, std::filesystem::path& table) {
  addPath(command, {"--table", "FILE", "also write the table to this file, as plain text"}, table);
}

void addRun(CLI::App& command, RunOptions& options) {
  addText(command,
          {"--tree", "TREE|PATH,...",
           "our trees, paths of your own kernels, or all (default: mainline)"},
          options.kernel.tree);
  addSeries(command, options.kernel);
  addMachines(command, options.kernel, true);
  addFilesystems(command, options, "some, or all whose mkfs is installed (default)", true);
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

}  // namespace runner
