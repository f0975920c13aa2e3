// SPDX-License-Identifier: GPL-2.0-only
// What User-Mode Linux needs of the host, each property decided here alone: `run` boots by it, and
// `doctor` reports it.
#pragma once

#include <filesystem>
#include <string>

namespace qemu {

// Where User-Mode Linux keeps the memory of its guests: files that it unlinks right away, and maps
// as code.
struct MemoryPlace {
  std::string directory;  // empty if there is none
  unsigned guests = 0;    // how many fit there, at most as many as were asked for
  std::string problem;    // if there is none: what is wrong with each that was tried
};

// The first of /dev/shm, $TMPDIR, /tmp and /var/tmp that has room for so many guests with so many
// MiB each, otherwise the one with room for the most. A guest without room would die of SIGBUS.
// Files in a tmpfs also count against the memory of the host. Creates such a file in each directory
// to see that it works.
MemoryPlace memoryPlace(unsigned megabytes, unsigned guests);

// Whether User-Mode Linux can run the guest's processes under seccomp, as it does since 6.16. An
// empty string if so, otherwise why not.
std::string whyNoSeccomp();

// Why this User-Mode Linux, a program, cannot run the guest's processes on this host; an empty
// string if it can. Without seccomp, it needs ptrace, as older ones always do. Several processors
// need seccomp. An empty path: one that knows seccomp.
std::string whyNoProcesses(const std::filesystem::path& kernel, unsigned cpus);

}  // namespace qemu
