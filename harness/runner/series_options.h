// SPDX-License-Identifier: GPL-2.0
// The options of `series check` and `series export`.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

namespace runner {

struct SeriesOptions {
  enum class Command { check, exportToDebian };

  Command command = Command::check;
  std::string trees;             // as typed; empty: every tree
  std::string with;              // as typed; empty: all series of each
  std::filesystem::path debian;  // of export: where the patches go
};

// Adds both to `series`, which stores into `options` what is typed.
void addSeriesCommands(CLI::App& series, SeriesOptions& options);

// Throws Failure (usage) for what was typed and is not complete.
void judgeSeries(const CLI::App& series, SeriesOptions& options);

}  // namespace runner
