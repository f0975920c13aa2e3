// SPDX-License-Identifier: GPL-2.0-only
// What a machine needs of the host. Each property is decided here alone: run() refuses to boot
// without it, and `doctor` reports it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "qemu/machine.h"

namespace qemu {

// What keeps this program from starting others: limits of descriptors and processes. Each says what
// is wrong and what to do; none if nothing does.
std::vector<std::string> whyNoProgramsOnHost();

// Why no program can be started from that file or directory: its filesystem is mounted noexec.
// Empty if one can, or if there is no such place.
std::string whyNotExecutable(const std::filesystem::path& place);

// What keeps programs from being started, and what else the host lacks for this machine: memory,
// permissions, limits; none if it can be booted. Tries each of these, which takes some
// milliseconds. An empty Boot::kernel stands for a current one.
std::vector<std::string> missingOnHost(const Machine& machine, const Boot& boot);

// How many such machines the host has room for at the same time.
struct HostRoom {
  unsigned machines = 1;         // at least one: missingOnHost() says if there is no room at all
  std::string memory_directory;  // for their Boot
};
// At most `wanted`, which is at least one.
HostRoom roomOnHost(const Machine& machine, const Boot& boot, unsigned wanted);

}  // namespace qemu
