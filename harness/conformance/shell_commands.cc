// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/shell_commands.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include "conformance/options.h"
#include "conformance/shell_request.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using Arguments = std::vector<std::string>;

constexpr const char* kDataFile = "/overlay/data";  // the default FILE
constexpr const char* kHelp =
    "/overlay is an overlay; /upper is its upper directory, on the bare filesystem.\n"
    "\n"
    "  fail [FILE]     make reads and writes of FILE's data fail (default: data)\n"
    "  heal            make the disk work again; print how many writes have failed\n"
    "  dirty [FILE]    rewrite all of FILE in place, in the page cache only\n"
    "  fsync [FILE]    call fsync(2) on standard input, or on FILE, opened now\n"
    "  syncfs [FILE]   the same with syncfs(2)\n"
    "  lose [FILE]     fail, dirty, fsync of the bare file (which gets EIO), heal\n"
    "  status          show what is mounted and broken, and how many writes have failed\n"
    "  help            this text; `exit` or Ctrl-D ends the guest, Ctrl-] ends it at once\n"
    "\n"
    "An error is reported to files that were open when it happened. So open them first:\n"
    "\n"
    "  exec 5<data 6</upper/data; lose; syncfs <&5; syncfs <&6; syncfs <&5\n";

std::string fileIn(const Arguments& arguments) {
  if (arguments.empty()) return kDataFile;
  return std::filesystem::absolute(arguments.front()).lexically_normal().string();
}

int show(const std::string& command, const sys::Result& result) {
  std::cout << command << ": " << result << '\n';
  return result.ok() ? 0 : 1;
}

int askInit(const std::string& request) {
  const Reply reply = ask(request);
  std::cout << reply.text;
  return reply.ok ? 0 : 1;
}

// Whether standard input was not redirected: it is the terminal or, in a script, /dev/null.
bool inputIsNoFile() {
  struct stat status = {};
  if (::isatty(STDIN_FILENO) == 1 || ::fstat(STDIN_FILENO, &status) != 0) return true;
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);  // /dev/null
}

sys::File fileOrInput(const std::string& command, const Arguments& arguments) {
  if (!arguments.empty()) return sys::File(arguments.front(), O_RDONLY | O_NONBLOCK);
  if (inputIsNoFile()) {
    throw UsageError("no file given: use `" + command + " <&5` after `exec 5<data`, or `" +
                     command + " data`");
  }
  return sys::File(sys::Descriptor(static_cast<int>(
      sys::require(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), "dup", "standard input"))));
}

int fail(const Arguments& arguments) {
  return askInit("fail " + fileIn(arguments));
}

int heal(const Arguments& /*arguments*/) {
  return askInit("heal");
}

int lose(const Arguments& arguments) {
  return askInit("lose " + fileIn(arguments));
}

int status(const Arguments& /*arguments*/) {
  return askInit("status");
}

int help(const Arguments& /*arguments*/) {
  std::cout << kHelp;
  return 0;
}

int dirty(const Arguments& arguments) {
  const std::string path = fileIn(arguments);
  const sys::File file(path, O_WRONLY);
  struct stat status = {};
  sys::require(::fstat(file.descriptor(), &status), "stat", path);
  if (status.st_size == 0) throw sys::SetupError("dirty", path + ": the file is empty", 0);
  char byte = 0;
  sys::require(::getrandom(&byte, 1, 0), "getrandom", "for fresh data");
  const sys::Result written =
      file.pwrite(std::string(static_cast<std::size_t>(status.st_size), byte), 0);
  return show("write", written);
}

int fsync(const Arguments& arguments) {
  return show("fsync", fileOrInput("fsync", arguments).fsync());
}

int syncfs(const Arguments& arguments) {
  return show("syncfs", fileOrInput("syncfs", arguments).syncfs());
}

struct ShellCommand {
  std::string_view name;
  int (*run)(const Arguments& arguments);
  std::size_t most_arguments;
};

constexpr std::array<ShellCommand, 8> kCommands = {{{"fail", fail, 1},
                                                    {"heal", heal, 0},
                                                    {"lose", lose, 1},
                                                    {"dirty", dirty, 1},
                                                    {"fsync", fsync, 1},
                                                    {"syncfs", syncfs, 1},
                                                    {"status", status, 0},
                                                    {"help", help, 0}}};

int runOne(const ShellCommand& command, const Arguments& arguments) {
  constexpr int kFailed = 1, kUsage = 2;
  try {
    if (arguments.size() > command.most_arguments) {
      throw UsageError(command.most_arguments == 0 ? "unexpected argument"
                                                   : "expected at most one file");
    }
    return command.run(arguments);
  } catch (const UsageError& error) {
    std::cerr << command.name << ": " << error.what() << '\n';
    return kUsage;
  } catch (const std::exception& error) {
    std::cerr << command.name << ": " << error.what() << '\n';
    return kFailed;
  }
}

}  // namespace

std::vector<std::string_view> shellCommandNames() {
  std::vector<std::string_view> names;
  for (const ShellCommand& command : kCommands) names.push_back(command.name);
  return names;
}

std::optional<int> runShellCommand(int argc, char** argv) {
  if (argc == 0) return std::nullopt;
  const std::string name = std::filesystem::path(argv[0]).filename().string();
  for (const ShellCommand& command : kCommands) {
    if (command.name == name) return runOne(command, {argv + 1, argv + argc});
  }
  return std::nullopt;
}

}  // namespace conformance
