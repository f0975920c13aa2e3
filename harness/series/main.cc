// SPDX-License-Identifier: GPL-2.0-only
// ovl-syncfs-series: the program that `ovl-syncfs series` executes.
#include "runner/cli/program.h"
#include "series/command.h"

int main(int count, char** arguments) {
  return runner::runProgram([&] {
    const runner::CommandLine line = runner::seriesCommandLine();
    return line.parse(count, arguments)();
  });
}
