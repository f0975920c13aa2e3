// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/cache.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/cli/commands.h"
#include "runner/run/wanted.h"

namespace runner {
namespace {

void offer(CLI::App& command, BuildOptions& options) {
  addTree(command, options.kernel);
  addApply(command, options.kernel);
  addSeries(command, options.kernel);
  addMachine(command, options.kernel);
  addFlag(command, "--source", options.source,
          "only unpack the source and apply the series; print its directory");
}

int build(const BuildOptions& options, const Project& project) {
  const Cache cache = Cache::open();
  Terminal terminal;
  std::vector<std::filesystem::path> made;
  {
    TerminalProgress progress(terminal);
    if (options.source) {
      made.push_back(provideSource(options.kernel, project, cache, progress));
    } else {
      for (const Kernel& kernel : provideKernels(options.kernel, project, cache, progress)) {
        made.push_back(kernel.image);
      }
    }
  }
  for (const std::filesystem::path& path : made) print(path.string() + '\n');
  return 0;
}

}  // namespace

Command<BuildOptions> buildCommand() {
  return {"build", "build a kernel and print the path of its image", kExitStatus, offer, build};
}

}  // namespace runner
