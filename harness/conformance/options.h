// SPDX-License-Identifier: GPL-2.0-only
// The guest program's command line.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "filesystems/filesystem.h"
#include "sys/part.h"

namespace conformance {

// A read-only block device with a fresh filesystem on it.
struct Disk {
  const filesystems::Filesystem* filesystem;
  std::string device;  // "/dev/vda"
};

// A shell instead of cases; for init only.
struct ShellOptions {
  std::string terminal;       // its device, "/dev/ttyS1"
  std::string script;         // a file of commands to run instead of a prompt; empty: a prompt
  std::string type = "dumb";  // of the terminal, as TERM names it
  std::string window;         // rows and columns, "24x80"; empty: not known
  bool is_volatile = false;   // the overlay
  std::string own_disk;       // the device of the user's own disk; empty: none
};

// Sequences of steps made at random (explore/batch.h).
struct Exploration {
  std::uint64_t seed = 0;
  std::uint64_t steps = 0;    // on each filesystem
  std::uint64_t seconds = 0;  // instead of steps, if it is not 0
};

struct Options {
  bool list = false;
  bool help = false;
  std::vector<Disk> disks;
  // Devices and names of virtio-serial ports, separated by commas: the first that exists is used.
  // Empty: standard output.
  std::string verdicts;
  std::string scratch;  // a device for the writes if there is no RAM disk for them; may be empty
  std::string filter;   // shell patterns, separated by ':'; empty: every case
  std::vector<std::string> leave_out;      // ids of requirements
  std::optional<Exploration> exploration;  // instead of the cases
  bool disarmed = false;                   // no fault is injected
  bool cost = false;                       // measure instead of judging
  std::string group = "quick";             // of cases: "quick", "long" or "all"
  sys::Part part;                          // other machines run the other parts
  std::optional<ShellOptions> shell;
};

// A wrong command line; what() says how to correct it.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads the arguments after the program's name. Throws UsageError.
Options parseOptions(const std::vector<std::string>& arguments);

std::string usage();

}  // namespace conformance
