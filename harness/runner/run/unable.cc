// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/unable.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "runner/base/words.h"

namespace runner {
namespace {

// How the guest's lines begin, see conformance/main.cc.
constexpr std::string_view kUnable = "ovl-syncfs: unable: ";

struct Unstarted {
  std::string_view printed;  // by the kernel
  const char* lacking;
};
constexpr std::array kUnstarted = {
    Unstarted{"VFS: Unable to mount root fs",
              "the kernel unpacks no initramfs (CONFIG_BLK_DEV_INITRD)"},
    Unstarted{"Failed to execute /init (error -8)",
              "the kernel does not execute ELF programs (CONFIG_BINFMT_ELF, CONFIG_64BIT)"},
};

}  // namespace

std::vector<std::string> unableOnConsole(const std::string& console_log) {
  std::vector<std::string> unable;
  std::ifstream console(console_log);
  for (std::string line; std::getline(console, line);) {
    if (const auto at = line.find(kUnable); at != std::string::npos) {
      addOnce(unable, line.substr(at + kUnable.size()));
    }
    for (const Unstarted& each : kUnstarted) {
      if (line.find(each.printed) != std::string::npos) addOnce(unable, each.lacking);
    }
  }
  return unable;
}

void mustHaveOneFilesystem(TreeResults& tree) {
  const bool all_skipped = std::ranges::all_of(
      tree.machines, [](const MachineResult& machine) { return machine.verdict == Verdict::skip; });
  if (!all_skipped || std::ranges::none_of(tree.machines, &MachineResult::lacks_filesystem)) return;
  for (MachineResult& machine : tree.machines) {
    if (!machine.lacks_filesystem) continue;
    machine.verdict = Verdict::error;
    machine.detail = "the kernel cannot run the suite: " + machine.detail;
    for (CaseResult& result : machine.cases) {
      result.verdict = Verdict::error;
      result.reason = "not run: the kernel cannot run the suite";
    }
  }
}

}  // namespace runner
