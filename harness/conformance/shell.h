// SPDX-License-Identifier: GPL-2.0
// The shell: init sets up the overlay on its failing disk, and gives a person a prompt.
#pragma once

#include "conformance/channel.h"
#include "conformance/options.h"

namespace conformance {

// Runs a shell on the terminal until it ends, answers the small commands meanwhile
// (shell_commands.h), and powers the machine off. Says on the channel, one object each: "hello"
// with the kernel's release once the shell runs, "unable" for what is missing, and "exit" with the
// shell's status as its last word. Throws SetupError.
[[noreturn]] void runShell(const ShellOptions& options, const Disk& disk, Channel& channel);

}  // namespace conformance
