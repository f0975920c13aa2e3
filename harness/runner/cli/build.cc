// SPDX-License-Identifier: GPL-2.0
#include "runner/base/cache.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/base/terminal_progress.h"
#include "runner/cli/commands.h"
#include "runner/run/wanted_kernels.h"

namespace runner {

int build(const KernelOptions& options, bool source_only, const Project& project) {
  const Cache cache = Cache::open();
  Terminal terminal;
  std::vector<std::filesystem::path> made;
  {
    TerminalProgress progress(terminal);
    if (source_only) {
      made.push_back(provideSource(options, project, cache, progress));
    } else {
      for (const Kernel& kernel : provideKernels(options, project, cache, progress)) {
        made.push_back(kernel.image);
      }
    }
  }
  for (const std::filesystem::path& path : made) print(path.string() + '\n');
  return 0;
}

}  // namespace runner
