// SPDX-License-Identifier: GPL-2.0
#include "runner/cli/options.h"

#include <fmt/core.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "runner/base/failure.h"
#include "runner/base/option_words.h"
#include "runner/base/words.h"
#include "runner/cli/command_line.h"
#include "runner/cli/help.h"
#include "runner/kernels/tree_list.h"
#include "runner/run/disks.h"

namespace runner {
namespace {

// The words that an option takes, with their meanings.
template <typename Value>
using Words = std::vector<std::pair<std::string, Value>>;

template <typename Value>
Value meaning(const std::string& option, const std::string& word, const Words<Value>& words) {
  std::vector<std::string> possible;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    possible.push_back(name);
  }
  throw Failure(ExitStatus::usage, fmt::format("{} '{}' is not known. {}Possible: {}", option, word,
                                               didYouMean(word, possible), listed(possible)));
}

std::vector<std::string> filesystemsIn(const std::string& text) {
  std::vector<std::string> filesystems;
  for (const std::string& word : splitAtCommas(text)) {
    const auto& known = knownFilesystems();
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      throw Failure(ExitStatus::usage,
                    fmt::format("--fs '{}' is not a filesystem of this suite. {}Possible: {}", word,
                                didYouMean(word, known), listed(known)));
    }
    addOnce(filesystems, word);
  }
  return filesystems;
}

// What CLI11 reads, before it is judged: its own messages name types, ours name possible words.
struct Typed {
  std::string tree, series, with, machine, filesystems, group, accelerator, jobs, patches, shard,
      table, disk;
};

// Which kind of kernel it is, whatever its source.
void addMachineOptions(CLI::App& command, Typed& typed, KernelOptions& kernel) {
  command
      .add_option(
          "--machine", typed.machine,
          "User-Mode Linux, without root and KVM (default), or QEMU; vng: as virtme-ng starts it")
      ->type_name("uml|qemu|vng");
  command.add_flag("--debug", kernel.debug,
                   "a kernel with KASAN, lockdep and the like, and more time and memory for it");
}

void addTree(CLI::App& command, Typed& typed) {
  command
      .add_option("--tree", typed.tree,
                  "a tree of ours, or the path of your own kernel (default: mainline)")
      ->type_name("TREE|PATH");
}

void addWith(CLI::App& command, Typed& typed) {
  command.add_option("--with", typed.with, "only these of the tree's series (default: all)")
      ->type_name("SERIES,...");
}

void addKernelOptions(CLI::App& command, Typed& typed, KernelOptions& kernel) {
  addTree(command, typed);
  command
      .add_option("--series", typed.series,
                  "with our patches (default), without, or both side by side")
      ->type_name("on|off|both");
  addWith(command, typed);
  command
      .add_option("--patches", typed.patches,
                  "only the first N patches of these series (default: all)")
      ->type_name("N");
  addMachineOptions(command, typed, kernel);
}

void addAccelerator(CLI::App& command, Typed& typed) {
  command
      .add_option("--accel", typed.accelerator,
                  "what QEMU uses (default: KVM if a guest really runs on it)")
      ->type_name("auto|kvm|tcg");
}

// How the machines run, and where the reports go.
void addBootOptions(CLI::App& command, Typed& typed, std::string& out) {
  command
      .add_option("--jobs,-j", typed.jobs, "machines at the same time (default: one for each core)")
      ->type_name("N");
  addAccelerator(command, typed);
  command.add_option("--out", out, "where the reports go (default: below the cache)")
      ->type_name("DIR");
}

void addRunOptions(CLI::App& command, Typed& typed, RunOptions& run, std::string& out) {
  addKernelOptions(command, typed, run.kernel);
  command.get_option("--tree")
      ->description("trees of ours, paths of your own kernels, or all (default: mainline)")
      ->type_name("TREE|PATH,...");
  command
      .add_option("--fs", typed.filesystems,
                  "ext4, xfs, btrfs, or all whose mkfs is installed (default)")
      ->type_name("FS,...");
  command.add_option("--filter", run.filter, "only these cases; see below")->type_name("GLOB");
  command
      .add_option("--group", typed.group,
                  "quick cases (default), long ones that repeat much, or all")
      ->type_name("quick|long|all");
  command.add_flag("--disarmed", run.disarmed,
                   "inject no fault: every case that relies on one has to become an error");
  addBootOptions(command, typed, out);
  command.add_option("--table", typed.table, "also write the table to this file, as plain text")
      ->type_name("FILE");
  command
      .add_option("--shard", typed.shard,
                  "only the I-th of N parts of the machines; `merge` puts them together")
      ->type_name("I/N");
}

void addMergeOptions(CLI::App& command, Typed& typed, Options& options, std::string& out) {
  command.add_option("DIR", options.merge,
                     "what `run --shard I/N --out DIR` has written, each once");
  command.add_option("--out", out, "where the reports go (default: below the cache)")
      ->type_name("DIR");
  command.add_option("--table", typed.table, "also write the table to this file, as plain text")
      ->type_name("FILE");
  command.footer(std::string(kMergeDetails) + kExitStatus);
}

void addMutantsOptions(CLI::App& command, Typed& typed, Options& options, std::string& out) {
  command.add_option("--tree", typed.tree, "a tree of ours that has mutants (default: mainline)")
      ->type_name("TREE");
  addMachineOptions(command, typed, options.run.kernel);
  command
      .add_option("--fs", typed.filesystems,
                  "ext4, xfs, btrfs (default: ext4, or what the mutant names)")
      ->type_name("FS,...");
  command.add_option("--filter", options.run.filter, "only these mutants; see below")
      ->type_name("GLOB");
  command
      .add_option("--group", typed.group,
                  "quick cases (default), long ones that repeat much, or all")
      ->type_name("quick|long|all");
  addBootOptions(command, typed, out);
  command.add_flag_callback(
      "--markdown", [&options] { options.mutants = MutantsOutput::markdown; },
      "print the table of Documentation/mutants.md");
  command.add_flag_callback(
      "--list", [&options] { options.mutants = MutantsOutput::list; },
      "only the names, what each breaks, and the mistake");
  command.add_flag_callback(
      "--json", [&options] { options.mutants = MutantsOutput::json; },
      "as --list, for programs, with the file of each and why it is not of the tree");
}

void addShellOptions(CLI::App& command, Typed& typed, Options& options) {
  addKernelOptions(command, typed, options.run.kernel);
  command.get_option("--series")
      ->description("with our patches (default), or without")
      ->type_name("on|off");
  command.add_option("--fs", typed.filesystems, "what the overlay is on (default: ext4)")
      ->type_name("ext4|xfs|btrfs");
  command.add_flag("--volatile", options.is_volatile, "a volatile overlay");
  command
      .add_option(
          "--disk", typed.disk,
          "a file of yours as one more disk, $DISK in the guest, which keeps what is written")
      ->type_name("FILE");
  addAccelerator(command, typed);
  command.footer(kShellDetails);
}

void addCostOptions(CLI::App& command, Typed& typed, Options& options) {
  addTree(command, typed);
  addWith(command, typed);
  command.add_option("--fs", typed.filesystems, "what the overlay is on (default: ext4)")
      ->type_name("ext4|xfs|btrfs");
  command.add_flag("--markdown", options.markdown, "print the table of Documentation/cost.md");
  command.footer(kCostDetails);
}

unsigned numberIn(const std::string& option, const std::string& text) {
  const bool number =
      !text.empty() && text.size() <= 3 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const unsigned value = number ? static_cast<unsigned>(std::stoul(text)) : 0;
  if (value == 0) {
    throw Failure(ExitStatus::usage,
                  fmt::format("{} '{}' is not a number from 1 to 999", option, text));
  }
  return value;
}

void judge(const Typed& typed, RunOptions& run) {
  KernelOptions& kernel = run.kernel;
  if (!typed.tree.empty()) kernel.tree = typed.tree;
  if (!typed.series.empty()) {
    kernel.series = meaning<SeriesChoice>(
        "--series", typed.series,
        {{"on", SeriesChoice::on}, {"off", SeriesChoice::off}, {"both", SeriesChoice::both}});
  }
  if (!typed.with.empty()) kernel.with = splitAtCommas(typed.with);
  if (!typed.machine.empty()) {
    kernel.machine = meaning<qemu::Kind>(
        "--machine", typed.machine,
        {{"uml", qemu::Kind::userModeLinux}, {"qemu", qemu::Kind::qemu}, {"vng", qemu::Kind::vng}});
  }
  if (!typed.filesystems.empty()) run.filesystems = filesystemsIn(typed.filesystems);
  run.table = typed.table;
  if (!typed.shard.empty()) run.shard = parseShard(typed.shard);
  run.disk = typed.disk;
  if (!typed.group.empty()) {
    run.group = meaning<std::string>("--group", typed.group,
                                     {{"quick", "quick"}, {"long", "long"}, {"all", "all"}});
    run.kernel.smp = run.group != "quick";
  }
  if (!typed.jobs.empty()) run.jobs = numberIn("--jobs", typed.jobs);
  if (!typed.patches.empty()) kernel.patches = numberIn("--patches", typed.patches);
  if (!typed.accelerator.empty() && typed.accelerator != "auto") {
    run.accelerator = meaning<qemu::Accelerator>("--accel", typed.accelerator,
                                                 {{"auto", qemu::Accelerator::none},
                                                  {"kvm", qemu::Accelerator::kvm},
                                                  {"tcg", qemu::Accelerator::tcg}});
  }
}

void refuseSeveralTrees(const std::string& command, const std::string& tree) {
  if (!namesSeveralTrees(tree)) return;
  throw Failure(ExitStatus::usage,
                fmt::format("--tree '{}': `{}` takes one tree; only `run` takes several, or all",
                            tree, command));
}

// One disk; ext4 if none was named.
void judgeOneFilesystem(const std::string& command, const Typed& typed, RunOptions& run) {
  if (run.filesystems.empty()) run.filesystems = {"ext4"};
  if (run.filesystems.size() > 1) {
    throw Failure(ExitStatus::usage, fmt::format("--fs '{}': `{}` has one disk, so name one "
                                                 "filesystem",
                                                 typed.filesystems, command));
  }
}

void judgeShell(const Typed& typed, RunOptions& run) {
  if (run.kernel.series == SeriesChoice::both) {
    throw Failure(ExitStatus::usage,
                  "--series both: a shell has one kernel; open one with --series on and one with "
                  "--series off");
  }
  judgeOneFilesystem("shell", typed, run);
}

CLI::App& addCommand(CLI::App& app, const char* name, const char* about) {
  return *app.add_subcommand(name, about)->allow_extras()->fallthrough(false);
}

}  // namespace

Options parseOptions(int count, const char* const* arguments) {
  Options options;
  Typed typed;
  std::string out;
  bool wants_version = false;

  CLI::App app(kAbout, "ovl-syncfs");
  app.footer(std::string("`ovl-syncfs COMMAND --help` says more.\n") + kExitStatus);
  app.set_help_flag("--help,-h", "this text; also after a command");
  app.add_flag("--version", wants_version, "the version of this project");
  app.allow_extras();
  app.get_formatter()->column_width(24);
  CLI::App& run = addCommand(app, "run", "judge a kernel (builds it first when needed)");
  CLI::App& shell = addCommand(app, "shell", "a prompt in the guest, on an overlay you can break");
  CLI::App& build = addCommand(app, "build", "build the kernel only; the last line is its path");
  CLI::App& mutants = addCommand(app, "mutants", "wrong kernels, and which case catches each");
  CLI::App& cost = addCommand(app, "cost", "what the series cost, in instructions");
  CLI::App& series = addCommand(app, "series", "whether the series fit; export them");
  CLI::App& list = addCommand(app, "list", "cases, requirements, subjects and trees");
  CLI::App& merge = addCommand(app, "merge", "put the parts of a run together");
  CLI::App& doctor = addCommand(app, "doctor", "what this machine can do, and what is missing");
  CLI::App& test = addCommand(app, "test", "the project's own tests");
  addRunOptions(run, typed, options.run, out);
  addShellOptions(shell, typed, options);
  run.footer(std::string(kRunDetails) + kExitStatus);
  addMutantsOptions(mutants, typed, options, out);
  mutants.footer(kMutantsDetails);
  addCostOptions(cost, typed, options);
  addMergeOptions(merge, typed, options, out);
  series.prefix_command();
  series.set_help_flag();
  addKernelOptions(build, typed, options.run.kernel);
  build.add_flag("--source", options.source,
                 "only unpack the source and apply the series; the last line is its folder");
  list.add_flag("--json", options.json, "for programs");
  test.prefix_command();

  try {
    app.parse(count, arguments);
  } catch (const CLI::CallForHelp&) {
    options.text = app.help();
    return options;
  } catch (const CLI::ParseError& problem) {
    throw Failure(ExitStatus::usage, fmt::format("{}; see `ovl-syncfs --help`", problem.what()));
  }

  if (wants_version) {
    options.command = Options::Command::version;
    return options;
  }
  const std::map<const CLI::App*, Options::Command> commands = {
      {&run, Options::Command::run},       {&shell, Options::Command::shell},
      {&build, Options::Command::build},   {&mutants, Options::Command::mutants},
      {&cost, Options::Command::cost},     {&series, Options::Command::series},
      {&list, Options::Command::list},     {&merge, Options::Command::merge},
      {&doctor, Options::Command::doctor}, {&test, Options::Command::test}};
  const auto given = app.get_subcommands();
  if (given.empty()) {
    const auto words = app.remaining();
    if (words.empty()) {
      options.text = app.help();
      return options;
    }
    std::vector<std::string> possible = {"run",    "shell", "build", "mutants", "cost",
                                         "series", "list",  "merge", "doctor",  "test"};
    if (words.front().rfind('-', 0) == 0) possible = optionNames(app);
    throw Failure(ExitStatus::usage,
                  fmt::format("'{}' is no command of ovl-syncfs. {}Possible: {}", words.front(),
                              didYouMean(words.front(), possible), listed(possible)));
  }
  options.command = commands.at(given.front());
  if (options.command == Options::Command::test || options.command == Options::Command::series) {
    options.arguments = given.front()->remaining();
    return options;
  }
  refuseExtras(*given.front());
  if (options.command == Options::Command::merge && options.merge.empty()) {
    throw Failure(ExitStatus::usage,
                  "merge: name the folders that `run --shard I/N --out DIR` has written");
  }
  options.run.out = out;
  const bool is_run = options.command == Options::Command::run;
  if (is_run && typed.filesystems == "all") typed.filesystems.clear();
  judge(typed, options.run);
  if (!is_run && options.run.kernel.machine == qemu::Kind::vng) {
    throw Failure(ExitStatus::usage, fmt::format("--machine vng is for `run`, not for `{}`",
                                                 given.front()->get_name()));
  }
  if (!is_run) refuseSeveralTrees(given.front()->get_name(), options.run.kernel.tree);
  if (options.command == Options::Command::shell) judgeShell(typed, options.run);
  if (options.command == Options::Command::cost) judgeOneFilesystem("cost", typed, options.run);
  return options;
}

}  // namespace runner
