// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "filesystems/registry.h"
#include "runner/base/output.h"
#include "runner/base/words.h"
#include "runner/cli/commands.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/trees.h"
#include "runner/results/case_list.h"
#include "runner/run/disks.h"

namespace runner {
namespace {

int list(const ListOptions& options, const Project& project) {
  const std::vector<ListedCase> cases = listCases(project.guest);
  const Trees trees = loadTrees(project.root);
  if (options.json) {
    MkfsCommands mkfs;
    for (const std::string& name : filesystems::everyName()) {
      const filesystems::Mkfs& each = filesystems::get(name).mkfs;
      if (hasTool(each.program)) mkfs[name] = mkfsCommand(each);
    }
    print(caseListJson(cases, trees, mkfs));
    return 0;
  }
  const Style style = styleFor(STDOUT_FILENO);
  std::string text;
  std::string requirement;
  std::size_t name_width = 0;
  for (const ListedCase& each : cases) name_width = std::max(name_width, columnsOf(each.name));
  for (const ListedCase& each : cases) {
    if (each.requirement != requirement) {
      requirement = each.requirement;
      constexpr std::size_t kIndent = 5;
      std::string label = pad(requirement, kIndent);
      for (const std::string& line : wrap(each.text, style.width - kIndent)) {
        text += paint(label + line, Tone::strong, style) + '\n';
        label.assign(kIndent, ' ');
      }
    }
    const std::string group = each.group == "quick" ? "" : " (group " + each.group + ')';
    text += fmt::format("     {}  {}\n", pad(each.name, name_width),
                        paint(listed(each.subjects) + group, Tone::faint, style));
  }
  text += fmt::format("\n{} of {} requirements, on {}\n", counted(cases.size(), "case"),
                      requirementsOf(cases).size(), listed(filesystems::names()));
  std::vector<std::string> profiles;
  for (const filesystems::Filesystem& each : filesystems::profiles()) profiles.push_back(each.name);
  for (const std::string& line :
       wrap(fmt::format("profiles, which only run by name: {}", listed(profiles)), style.width)) {
    text += line + '\n';
  }
  text += fmt::format("trees: {}\n", trees.names());
  print(text);
  return 0;
}

}  // namespace

Command<ListOptions> listCommand() {
  return {"list", "list cases, requirements, subjects and trees", kExitStatus,
          [](CLI::App& command, ListOptions& options) {
            addFlag(command, "--json", options.json, "print JSON");
          },
          list};
}

}  // namespace runner
