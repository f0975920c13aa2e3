// SPDX-License-Identifier: GPL-2.0
#include "runner/series_options.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "runner/failure.h"

namespace runner {

namespace {

void addWith(CLI::App& command, SeriesOptions& options) {
  command.add_option("--with", options.with, "only these of its series (default: all)")
      ->type_name("SERIES,...");
}

}  // namespace

void addSeriesCommands(CLI::App& series, SeriesOptions& options) {
  series.require_subcommand(0, 1);
  CLI::App& check =
      *series.add_subcommand("check", "whether they fit the newest release of each tree")
           ->allow_extras();
  check
      .add_option("--tree", options.trees,
                  "a tree, several with commas between them, or all (default: those of "
                  "distributions too)")
      ->type_name("TREE,...");
  addWith(check, options);
  check.footer(
      "\nBuilds nothing. A hunk may be moved; one that needs fuzz or conflicts is named.\n"
      "\nExit status: 0 clean, 1 fuzz, 8 a conflict, 9 a tree that cannot be had.");
  check.parse_complete_callback([&] { options.command = SeriesOptions::Command::check; });

  CLI::App& debian =
      *series.add_subcommand("export", "write a series for somebody's own patches")->allow_extras();
  debian.add_option("--tree", options.trees, "whose series")->type_name("TREE");
  addWith(debian, options);
  debian
      .add_option_function<std::string>(
          "--debian", [&](const std::string& folder) { options.debian = folder; },
          "debian/patches of a source package: adds them as DEP-3 patches")
      ->type_name("DIR");
  debian.footer(
      "\nThe patches go into bugfix/all/ovl-syncfs there, and to the end of the file series. What\n"
      "an earlier export has left is replaced.\n"
      "\nExample:\n  ovl-syncfs series export --tree debian-6.1 --debian "
      "~/linux-6.1/debian/patches");
  debian.parse_complete_callback([&] { options.command = SeriesOptions::Command::exportToDebian; });
}

void judgeSeries(const CLI::App& series, SeriesOptions& options) {
  if (series.get_subcommands().empty()) {
    throw Failure(ExitStatus::usage,
                  "`series` is followed by check or export; see `ovl-syncfs series --help`");
  }
  if (options.command == SeriesOptions::Command::check) return;
  if (options.trees.empty()) {
    throw Failure(ExitStatus::usage, "series export: say whose with --tree, such as 6.1.y");
  }
  if (options.debian.empty()) {
    throw Failure(ExitStatus::usage,
                  "series export: say where to with --debian DIR, debian/patches of a source "
                  "package");
  }
}

}  // namespace runner
