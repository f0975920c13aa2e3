// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/tcg.h"

#include <charconv>
#include <utility>

#include "sys/child_process.h"

namespace qemu {
namespace {

constexpr std::pair<int, int> kFirstParallel{8, 1};

}  // namespace

bool emulatesCpusInParallel(std::string_view version) {
  constexpr std::string_view kBefore = "version ";
  const std::size_t found = version.find(kBefore);
  if (found == std::string_view::npos) return false;
  const char* const end = version.data() + version.size();
  int major = 0, minor = 0;
  const auto [dot, error] = std::from_chars(version.data() + found + kBefore.size(), end, major);
  if (error != std::errc() || dot == end || *dot != '.') return false;
  if (std::from_chars(dot + 1, end, minor).ec != std::errc()) return false;
  return std::pair(major, minor) >= kFirstParallel;
}

bool needsOneThread(const architectures::Qemu& system, const Boot& boot) {
  if (boot.counts_instructions) return true;  // QEMU counts only with a single thread
  return boot.cpus > 1 &&
         !emulatesCpusInParallel(sys::runCommand({{system.program, "--version"}}).text);
}

}  // namespace qemu
