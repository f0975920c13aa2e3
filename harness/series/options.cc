// SPDX-License-Identifier: GPL-2.0
#include "series/options.h"

#include <fmt/core.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "runner/base/failure.h"
#include "runner/cli/command_line.h"

namespace runner {

namespace {

void addWith(CLI::App& command, SeriesOptions& options) {
  command.add_option("--series,--with", options.with, "only these of its series (default: all)")
      ->type_name("SERIES,...");
}

void addCheck(CLI::App& command, SeriesOptions& options) {
  command.allow_extras();
  command
      .add_option("--tree", options.trees,
                  "a tree, several with commas between them, or all but those of distributions "
                  "(default)")
      ->type_name("TREE,...");
  addWith(command, options);
  command.add_option("--only", options.only, "only these checks (default: all)")
      ->type_name("CHECK,...");
  command.footer(
      "\nThe checks of each patch, with those before it:\n"
      "  applies      to the newest release: a hunk that needs fuzz or conflicts is named\n"
      "  checkpatch   checkpatch.pl --strict\n"
      "  built-in, module, off, 32-bit\n"
      "               a kernel with overlayfs like that is built with W=1, without a new warning\n"
      "  sparse       of the files that the series change, without a new warning\n"
      "  kernel-doc   of these, without a new warning\n"
      "  suite        breaks no case; the last one of a series lets all pass that it is for,\n"
      "               and one at least that failed before\n"
      "What may be said all the same is in patches/exceptions.toml, with the reason. What was "
      "found\n"
      "clean is known the next time.\n"
      "\nExit status: 0 clean, 1 not clean, 8 a conflict, 9 a tree that cannot be had.\n"
      "\nExamples:\n"
      "  ovl-syncfs series check --only applies         builds nothing\n"
      "  ovl-syncfs series check --tree mainline --series a-syncfs");
  command.parse_complete_callback([&] { options.command = SeriesOptions::Command::check; });
}

void addFolder(CLI::App& command, const std::string& name, std::filesystem::path& folder,
               const std::string& about) {
  command
      .add_option_function<std::string>(
          name, [&folder](const std::string& typed) { folder = typed; }, about)
      ->type_name("DIR");
}

void addExport(CLI::App& command, SeriesOptions& options) {
  command.allow_extras();
  command.add_option("--tree", options.trees, "whose series")->type_name("TREE");
  addWith(command, options);
  addFolder(command, "--git", options.git,
            "a kernel's git tree of yours: makes a branch there that b4 manages");
  command.add_option("--base", options.base, "the commit that it goes on (default: HEAD)")
      ->type_name("COMMIT");
  addFolder(command, "--to", options.to,
            "writes the mails that b4 would send into that folder; without --git, of a tree that "
            "is made for it");
  addFolder(command, "--debian", options.debian,
            "debian/patches of a source package: adds them as DEP-3 patches");
  command.footer(
      "\nFor a mailing list one series at a time is written and signed off by whom git says you\n"
      "are. Nothing is sent. For Debian the patches go into bugfix/all/ovl-syncfs, and to the end\n"
      "of the file series; what an earlier export has left is replaced.\n"
      "\nExamples:\n"
      "  ovl-syncfs series export --tree mainline --series a-syncfs --git ~/linux --to /tmp/mails\n"
      "  ovl-syncfs series export --tree debian-6.1 --debian ~/linux-6.1/debian/patches");
  command.parse_complete_callback([&] { options.command = SeriesOptions::Command::exportSeries; });
}

void addMakeTree(CLI::App& command, SeriesOptions& options) {
  command.allow_extras();
  command.add_option("--tree", options.trees, "whose newest release (default: mainline)")
      ->type_name("TREE");
  command.add_option_function<std::string>(
      "DIR", [&options](const std::string& typed) { options.folder = typed; },
      "the folder, which is made");
  command.footer(
      "\nFor whoever has no git tree of the kernel: one commit and a tag, without history. A "
      "patch\n"
      "that is to be sent is better made on a maintainer's tree.");
  command.parse_complete_callback([&] { options.command = SeriesOptions::Command::makeTree; });
}

// Throws Failure (usage) for what was typed and is not complete.
void judge(const CLI::App& series, SeriesOptions& options) {
  if (series.get_subcommands().empty()) {
    throw Failure(ExitStatus::usage,
                  "`series` is followed by check, export or tree; see `ovl-syncfs series --help`");
  }
  if (options.command == SeriesOptions::Command::check) return;
  if (options.command == SeriesOptions::Command::makeTree) {
    if (options.folder.empty()) {
      throw Failure(ExitStatus::usage, "series tree: name the folder to make it in");
    }
    return;
  }
  if (options.trees.empty()) {
    throw Failure(ExitStatus::usage, "series export: say whose with --tree, such as 6.1.y");
  }
  const bool mails = !options.git.empty() || !options.to.empty();
  if (!mails && options.debian.empty()) {
    throw Failure(ExitStatus::usage,
                  "series export: say where to: --git DIR, a kernel's git tree of yours; --to DIR, "
                  "a folder for mails; or --debian DIR, debian/patches of a source package");
  }
  if (mails && !options.debian.empty()) {
    throw Failure(ExitStatus::usage, "series export: --debian stands without --git and --to");
  }
  if (!options.base.empty() && options.git.empty()) {
    throw Failure(ExitStatus::usage,
                  "series export: --base is a commit of a tree that --git names");
  }
}

}  // namespace

SeriesOptions parseSeriesOptions(int count, const char* const* arguments) {
  SeriesOptions options;
  CLI::App app("Checks the series, and exports them.\n", "ovl-syncfs series");
  app.set_help_flag("--help,-h", "this text; also after a command");
  app.allow_extras();
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(24);
  addCheck(*app.add_subcommand("check", "whether each patch can be sent"), options);
  addExport(*app.add_subcommand("export", "write a series for a mailing list or a package"),
            options);
  addMakeTree(*app.add_subcommand("tree", "make a git tree of a release"), options);
  try {
    app.parse(count, arguments);
  } catch (const CLI::CallForHelp&) {
    options.command = SeriesOptions::Command::text;
    options.text = app.help();
    return options;
  } catch (const CLI::ParseError& problem) {
    throw Failure(ExitStatus::usage,
                  fmt::format("{}; see `ovl-syncfs series --help`", problem.what()));
  }
  refuseExtras(app);
  judge(app, options);
  refuseExtras(*app.get_subcommands().front());
  return options;
}

}  // namespace runner
