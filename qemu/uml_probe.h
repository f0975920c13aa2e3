// SPDX-License-Identifier: GPL-2.0-only
// Probes whether an older User-Mode Linux can run on this host, without booting one.
#pragma once

#include <cstddef>
#include <string>

namespace qemu {

// Until 6.12, User-Mode Linux keeps the floating point state of a guest process in a buffer of
// fixed size and sets it with ptrace at every switch to that process (put_fp_registers()). On a
// processor with more state, it panics at its first process. This does the same to a child process,
// with a buffer of that many bytes. Returns an empty string if it works, else what does not.
std::string whyNoUserModeLinux(std::size_t floating_point_bytes);

// Whether this process can trace a child at all. An empty string if so, otherwise why not.
std::string whyNoPtrace();

}  // namespace qemu
