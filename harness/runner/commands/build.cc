// SPDX-License-Identifier: GPL-2.0
#include "runner/cache.h"
#include "runner/commands/commands.h"
#include "runner/commands/kernels.h"
#include "runner/output.h"
#include "runner/terminal.h"
#include "runner/terminal_progress.h"

namespace runner {

int build(const KernelOptions& options, const Project& project) {
  const Cache cache = Cache::open();
  Terminal terminal;
  std::vector<Kernel> kernels;
  {
    TerminalProgress progress(terminal);
    kernels = provideKernels(options, project, cache, progress);
  }
  for (const Kernel& kernel : kernels) print(kernel.image.string() + '\n');
  return 0;
}

}  // namespace runner
