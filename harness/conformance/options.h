// SPDX-License-Identifier: GPL-2.0
// The guest program's command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace conformance {

// A read-only block device with a fresh filesystem on it.
struct Disk {
  std::string filesystem;  // "ext4"
  std::string device;      // "/dev/vda"
};

struct Options {
  bool list = false;
  bool help = false;
  std::vector<Disk> disks;
  std::string verdicts;         // device, name of a virtio-serial port, or empty: standard output
  std::string filter;           // shell patterns, separated by ':'; empty: every case
  bool disarmed = false;        // no fault is injected
  std::string group = "quick";  // of cases: "quick", "long" or "all"
};

// A command line that makes no sense; what() says what to write instead.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads the arguments after the program's name. Throws UsageError.
Options parseOptions(const std::vector<std::string>& arguments);

std::string usage();

}  // namespace conformance
