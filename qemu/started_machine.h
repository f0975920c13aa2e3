// SPDX-License-Identifier: GPL-2.0-only
// StartedMachine: a machine's process and its channels. Private to qemu/.
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

// A kernel parameter: cases write to the device below a mounted filesystem, which a kernel without
// CONFIG_BLK_DEV_WRITE_MOUNTED forbids unless it is asked (blkdev_get_no_open(), block/bdev.c).
// Older kernels ignore it.
inline constexpr const char* kWritableDevices = "bdev_allow_write_mounted=1";

struct StartedMachine {
  sys::ChildProcess process;
  sys::Descriptor console;   // read end: the output of the kernel and of the machine's program
  sys::Descriptor verdicts;  // read end: the verdict channel
  sys::Descriptor control;   // QEMU's monitor: a socket; for vng only its greeting; or none
  std::optional<sys::Processor> processor = {};  // the CPU that it is pinned to
  std::vector<sys::Descriptor> held = {};        // files that the machine opens by /proc/PID/fd
};

// Throw SetupError if an image or a disk can't be opened or the program can't be started.
StartedMachine startUserModeLinux(const Boot& boot);
StartedMachine startQemu(const architectures::Architecture& architecture, const Boot& boot);
StartedMachine startVng(const architectures::Architecture& architecture, const Boot& boot);

// Starts a machine's program. Throws SetupError, naming the Debian package if the program is
// missing.
sys::ChildProcess startProgram(const sys::Command& command, const std::string& package);
// Kernel parameters for the clock in QEMU.
std::string clockParameters(const architectures::Qemu& system, const Boot& boot);

// Explains, from its console, why a User-Mode Linux did not reach init on this host; empty if
// unknown.
std::string explainUserModeLinux(const std::vector<std::string>& console);

// A pipe whose read end doesn't block, large enough that a guest rarely waits for us.
sys::Pipe makeGuestPipe();
// Opens an image for reading; `what` names it in the error: "open the disk".
sys::Descriptor openImage(const char* what, const std::filesystem::path& image);
// The same for reading and writing, with an exclusive lock: two kernels that mount the same
// filesystem destroy it.
sys::Descriptor openWritableImage(const char* what, const std::filesystem::path& image);
// "-- a b": init's arguments at the end of a kernel command line. Throws SetupError for an argument
// that cannot be quoted.
std::string initArguments(const std::vector<std::string>& arguments);

}  // namespace qemu
