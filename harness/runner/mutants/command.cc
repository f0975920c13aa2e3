// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/command.h"

#include <fmt/core.h>

#include "filesystems/registry.h"
#include "runner/base/failure.h"
#include "runner/kernels/trees.h"
#include "runner/mutants/generated_command.h"
#include "runner/mutants/stored_command.h"

namespace runner {
namespace {

int mutants(const MutantsOptions& options, const Project& project) {
  const Trees trees = loadTrees(project.root);
  const Tree* found = trees.find(options.kernel.tree);
  if (found == nullptr) {
    throw Failure(ExitStatus::usage, fmt::format("--tree {}: mutants exist only for our trees: {}",
                                                 options.kernel.tree, trees.names()));
  }
  Tree tree = *found;
  tree.keepSeries(options.kernel.with);
  return options.generate ? generatedMutants(options, project, tree)
                          : storedMutants(options, project, tree);
}

void offer(CLI::App& command, MutantsOptions& options) {
  addTree(command, options.kernel, false);
  addWith(command, options.kernel);
  addMachine(command, options.kernel);
  addFilesystems(command, options,
                 fmt::format("filesystems to use (default: {}, or those that the mutant names)",
                             filesystems::names().front()),
                 false);
  addText(command, {"--filter", "GLOB", "only these mutants; see below"}, options.filter);
  addGroup(command, options);
  addBoot(command, options);
  addFlag(command, "--generate", options.generate,
          "make the mutants by rule from what the series add, instead of those that are stored");
  addNumber(
      command,
      {"--explore", "STEPS", "kill them by so many random steps alone, instead of by the cases"},
      [&options](unsigned steps) { options.exploration = Exploration{.steps = steps}; },
      Exploration::kMostSteps);
  addFlag(command, "--markdown", options.markdown, "print the table of Documentation/mutants.md");
  addFlag(command, "--list", options.list, "print names, requirements and mistakes only");
  addFlag(command, "--json", options.json, "print them as JSON");
}

constexpr const char* kDetails =
    R"(A mutant is a small wrong patch on top of the series. It is killed if a case of the requirement
that it breaks fails; one that survives shows a gap in the suite. --filter takes a requirement id,
a part of a name, or glob patterns, separated by ':'. With --explore, any verdict that `explore`
would not pass kills: it tells what the random steps find without the cases.

--generate makes hundreds of mutants by rule from the code that the series add: a statement is left
out, a condition negated, an operator exchanged, a check moved. Any verdict that `run` would not
pass kills them. Those that do not compile, and those with the same object code, do not count; those
that survive must be listed, with the reason, in harness/mutants/equivalent.toml.

Exit status:
  0 all were killed       1 one survived, or only cases of other requirements failed, or that list
  8 one did not build       is wrong; the others as for `run`)";

}  // namespace

Command<MutantsOptions> mutantsCommand() {
  return {"mutants", "check that the suite catches deliberately broken kernels", kDetails, offer,
          mutants};
}

}  // namespace runner
