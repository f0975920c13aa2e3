// SPDX-License-Identifier: GPL-2.0-only
// The shell: init sets up the overlay on its failing disk and starts an interactive shell or a
// script.
#pragma once

#include "conformance/channel.h"
#include "conformance/options.h"

namespace conformance {

// Runs a shell on the terminal, answers its commands (shell_commands.h) until it exits, and powers
// the machine off. Sends these events: "hello" with the kernel's release once the shell runs,
// "unable" for each thing that is missing, and "exit" with the shell's status at the end. Throws
// SetupError.
[[noreturn]] void runShell(const ShellOptions& options, const Disk& disk, Channel& channel);

}  // namespace conformance
