// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/options.h"

#include <sstream>

#include "filesystems/registry.h"

namespace conformance {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

Disk parseDisk(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw UsageError("--disk expects FILESYSTEM=DEVICE, such as ext4=/dev/vda, not '" + text + "'");
  }
  const std::string name = text.substr(0, equals);
  const filesystems::Filesystem* filesystem = filesystems::find(name);
  if (filesystem == nullptr) {
    throw UsageError("--disk '" + text + "': unknown filesystem '" + name +
                     "'; known: " + joined(filesystems::names(), ", "));
  }
  return {filesystem, text.substr(equals + 1)};
}

// "SEED,STEPS" or "SEED,SECONDSs"
Exploration parseExploration(const std::string& text) {
  Exploration exploration;
  std::istringstream numbers(text);
  char comma = 0, unit = 0;
  std::uint64_t amount = 0;
  const bool read = static_cast<bool>(numbers >> exploration.seed >> comma >> amount);
  if (numbers >> unit) numbers.get();
  if (!read || comma != ',' || amount == 0 || !numbers.eof() || (unit != 0 && unit != 's')) {
    throw UsageError("--explore expects SEED,STEPS, such as 1,20000, or SEED,SECONDSs, not '" +
                     text + "'");
  }
  (unit == 0 ? exploration.steps : exploration.seconds) = amount;
  return exploration;
}

sys::Part parsePart(const std::string& text) {
  const auto part = sys::Part::parse(text);
  if (!part) throw UsageError("--part expects I/N, such as 1/2, not '" + text + "'");
  return *part;
}

}  // namespace

Options parseOptions(const std::vector<std::string>& arguments) {
  Options options;
  ShellOptions shell;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) throw UsageError(option + " needs a value");
      return arguments[++i];
    };
    if (option == "--list") {
      options.list = true;
    } else if (option == "--disarmed") {
      options.disarmed = true;
    } else if (option == "--explore") {
      options.exploration = parseExploration(value());
    } else if (option == "--cost") {
      options.cost = true;
    } else if (option == "--help" || option == "-h") {
      options.help = true;
    } else if (option == "--disk") {
      const Disk disk = parseDisk(value());
      for (const Disk& other : options.disks) {
        if (other.filesystem == disk.filesystem) {
          throw UsageError("more than one disk with " + disk.filesystem->name);
        }
      }
      options.disks.push_back(disk);
    } else if (option == "--verdicts") {
      options.verdicts = value();
    } else if (option == "--scratch") {
      options.scratch = value();
    } else if (option == "--filter") {
      options.filter = value();
    } else if (option == "--leave-out") {
      std::istringstream ids(value());
      for (std::string id; std::getline(ids, id, ',');) options.leave_out.push_back(id);
    } else if (option == "--group") {
      options.group = value();
      if (options.group != "quick" && options.group != "long" && options.group != "all") {
        throw UsageError("--group expects quick, long or all, not '" + options.group + "'");
      }
    } else if (option == "--part") {
      options.part = parsePart(value());
    } else if (option == "--shell") {
      shell.terminal = value();
    } else if (option == "--script") {
      shell.script = value();
    } else if (option == "--terminal-type") {
      shell.type = value();
    } else if (option == "--window") {
      shell.window = value();
    } else if (option == "--own-disk") {
      shell.own_disk = value();
    } else if (option == "--volatile") {
      shell.is_volatile = true;
    } else {
      throw UsageError("unknown option '" + option + "'");
    }
  }
  if (!options.list && !options.help && options.disks.empty()) {
    throw UsageError("name at least one disk: --disk ext4=/dev/vda");
  }
  if (!shell.terminal.empty()) options.shell = shell;
  return options;
}

std::string usage() {
  return "Tests syncfs on overlayfs in the running kernel. Needs root.\n"
         "  --disk FILESYSTEM=DEVICE  a block device with a fresh filesystem, which is only read.\n"
         "                            Once per filesystem: " +
         joined(filesystems::names(), ", ") +
         "\n"
         "  --filter GLOB[:GLOB...]   only these cases, such as 'A2.*' or '*/ext4/overlay'\n"
         "  --group quick|long|all    which group of cases to run (default: quick)\n"
         "  --part I/N                of these, the cases that are in the I-th of N parts\n"
         "  --leave-out ID[,ID...]    leave out all cases of these requirements\n"
         "  --verdicts CHANNEL[,...]  where to write the verdicts, one JSON object per line: a\n"
         "                            device or the name of a virtio-serial port, the first that\n"
         "                            exists (default: standard output)\n"
         "  --scratch DEVICE          takes all writes if there is no /dev/ram0 with enough room\n"
         "  --disarmed                inject no faults: every case that relies on one must notice\n"
         "  --cost                    run no cases; count the instructions of system calls. Needs "
         "a\n"
         "                            time stamp counter that counts them (QEMU, -icount shift=0)\n"
         "  --explore SEED,STEPS      instead of the cases, so many steps made at random on each\n"
         "                            filesystem\n"
         "  --list                    list the cases as JSON; needs neither root nor a disk\n"
         "Writes go to /dev/ram0, whose content is lost (modprobe brd rd_nr=1 rd_size=262144 for\n"
         "one disk; as much again for each further one), or to the device of --scratch.\n"
         "Exit status: 0: all cases pass; 1: a case fails; 2: wrong usage; 3: a case could not be\n"
         "run; 9: the kernel or the machine lacks something that is needed.\n";
}

}  // namespace conformance
