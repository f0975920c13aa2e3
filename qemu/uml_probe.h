// SPDX-License-Identifier: GPL-2.0
// Whether User-Mode Linux of an older release can run on this machine, found out without one.
#pragma once

#include <cstddef>
#include <string>

namespace qemu {

// Until 6.12, User-Mode Linux keeps the floating point state of a guest process in a buffer of a
// fixed size, and sets it with ptrace at every switch to that process (put_fp_registers()). A
// processor with more state than that makes it panic at its first process. This does the same to a
// process of its own, with a buffer of that many bytes. Empty if it works, else a sentence that
// says what does not.
std::string whyNoUserModeLinux(std::size_t floating_point_bytes);

}  // namespace qemu
