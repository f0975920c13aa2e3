// SPDX-License-Identifier: GPL-2.0
// StartedMachine: a machine's process and what it is heard through. Inside of qemu/ only.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"
#include "sys/processor.h"

namespace qemu {

struct StartedMachine {
  sys::ChildProcess process;
  sys::Descriptor console;   // read end: what kernel and machine program print
  sys::Descriptor verdicts;  // read end: the verdict channel
  sys::Descriptor control;   // QEMU's monitor: a socket, for vng its greeting alone, or none
  std::optional<sys::Processor> processor = {};  // the one that it is kept on
  std::vector<sys::Descriptor> held = {};        // what the machine opens again by its name here
};

// They throw SetupError when an image or a disk can't be opened or the program can't be started.
StartedMachine startUserModeLinux(const Boot& boot);
StartedMachine startQemu(const architectures::Architecture& architecture, const Boot& boot);
StartedMachine startVng(const architectures::Architecture& architecture, const Boot& boot);

// Starts a machine's program. Throws SetupError, with the Debian package that has the program where
// that is missing.
sys::ChildProcess startProgram(const sys::Command& command, const std::string& package);
// Kernel parameters for the clock in QEMU.
std::string clockParameters(const architectures::Qemu& system, const Boot& boot);

// What a User-Mode Linux that did not get as far as its init says about this machine, in words for
// a person; empty when its console doesn't tell.
std::string explainUserModeLinux(const std::vector<std::string>& console);

// A pipe whose read end doesn't block, with room for a burst, so that a guest seldom waits for us.
sys::Pipe makeGuestPipe();
// Opens an image for reading; `what` names it in the error: "open the disk".
sys::Descriptor openImage(const char* what, const std::filesystem::path& image);
// The same for writing as well, by nobody else who asks here: two kernels that have the same
// filesystem mounted destroy it.
sys::Descriptor openWritableImage(const char* what, const std::filesystem::path& image);
// "-- a b": init's arguments at the end of a kernel command line. Throws SetupError for an argument
// that cannot be quoted there.
std::string initArguments(const std::vector<std::string>& arguments);

}  // namespace qemu
