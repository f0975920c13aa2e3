// SPDX-License-Identifier: GPL-2.0-only
// The program ovl-syncfs.
#include "runner/cli/commands.h"
#include "runner/cli/program.h"

int main(int count, char** arguments) {
  return runner::runProgram([&] {
    const runner::CommandLine line = runner::commandLine();
    return line.parse(count, arguments)();
  });
}
