// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/unable.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <string_view>

#include "runner/base/failure.h"
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
    Unstarted{"VFS: Unable to mount root fs", "an initramfs (CONFIG_BLK_DEV_INITRD)"},
    Unstarted{"Failed to execute /init (error -8)",
              "ELF programs (CONFIG_BINFMT_ELF, CONFIG_64BIT)"},
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

std::optional<KernelFailure> whyNothingRan(const TreeResults& tree) {
  std::vector<std::string> lacking;
  const MachineResult* last = nullptr;
  for (const MachineResult& machine : tree.machines) {
    const bool ended = machine.verdict == Verdict::error || machine.verdict == Verdict::skip;
    const bool not_booted = machine.verdict == Verdict::skip && machine.total.count() == 0;
    if (!ended || (machine.lacks.empty() && !not_booted)) return std::nullopt;
    if (machine.lacks.empty()) continue;
    last = &machine;
    for (const std::string& each : machine.lacks) addOnce(lacking, each);
  }
  if (last == nullptr) return std::nullopt;
  // The console alone does not name the release.
  const KernelIdentity& kernel = tree.kernels.front();
  const std::string release = last->kernel.empty() ? kernel.release : last->kernel;
  return KernelFailure{
      ExitStatus::error,
      lackingInWords(release, kernel.source, lacking, "Its console: " + last->console_log),
      last->command};
}

void requireThatSomethingRan(TreeResults& tree, bool only) {
  if (!tree.failure) tree.failure = whyNothingRan(tree);
  if (!tree.failure) return;
  if (only) throw Failure(tree.failure->status, tree.failure->what);
  tree.machines.clear();
}

std::string lackingInWords(const std::string& release, const std::string& source,
                           const std::vector<std::string>& lacking, const std::string& more) {
  return fmt::format("no case can run on Linux {} of {}, which lacks:\n  {}{}{}", release, source,
                     fmt::join(lacking, "\n  "), more.empty() ? "" : "\n", more);
}

}  // namespace runner
