// SPDX-License-Identifier: GPL-2.0
// ovl-syncfs-series: what `ovl-syncfs series` becomes.
#include "runner/base/output.h"
#include "runner/base/project.h"
#include "runner/cli/program.h"
#include "series/command.h"
#include "series/options.h"

namespace {

int execute(int count, char** arguments) {
  const runner::SeriesOptions options = runner::parseSeriesOptions(count, arguments);
  if (options.command == runner::SeriesOptions::Command::text) {
    runner::print(options.text);
    return 0;
  }
  return runner::series(options, runner::Project::find());
}

}  // namespace

int main(int count, char** arguments) {
  return runner::runProgram([&] { return execute(count, arguments); });
}
