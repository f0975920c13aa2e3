// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/started_machine.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "sys/setup_error.h"

namespace qemu {

sys::Pipe makeGuestPipe() {
  constexpr int kRoom = 1 << 20;  // bytes, the maximum for unprivileged users
  sys::Pipe pipe = sys::Pipe::make();
  sys::require(fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK), "fcntl", "a guest's pipe");
  fcntl(pipe.write.get(), F_SETPIPE_SZ, kRoom);  // a smaller pipe works too, only slower
  return pipe;
}

sys::Descriptor openImage(const char* what, const std::filesystem::path& image) {
  sys::Descriptor file(open(image.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw sys::SetupError(what, image.string(), errno);
  return file;
}

sys::Descriptor openWritableImage(const char* what, const std::filesystem::path& image) {
  sys::Descriptor file(open(image.c_str(), O_RDWR | O_CLOEXEC));
  if (!file) throw sys::SetupError(what, image.string(), errno);
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    throw sys::SetupError("lock the disk for exclusive use:", image.string(), errno);
  }
  return file;
}

sys::ChildProcess startProgram(const sys::Command& command, const std::string& package) {
  try {
    return sys::ChildProcess(command);
  } catch (const sys::SetupError& error) {
    if (error.error() != ENOENT) throw;
    throw sys::SetupError("start", command.arguments.front() + " (Debian package " + package + ')',
                          ENOENT);
  }
}

std::string clockParameters(const architectures::Qemu& system, const Boot& boot) {
  return boot.cpus == 1 ? system.clock + ' ' + system.clock_of_one_processor : system.clock;
}

std::string initArguments(const std::vector<std::string>& arguments) {
  std::string text = "--";
  for (const std::string& argument : arguments) {
    // The kernel supports double quotes, but no escape for a quote within them.
    if (argument.empty() || argument.find_first_of("\"\n") != std::string::npos) {
      throw sys::SetupError("pass to the guest's program", "'" + argument + "'", EINVAL);
    }
    const bool quote = argument.find_first_of(" \t") != std::string::npos;
    text += quote ? " \"" + argument + '"' : ' ' + argument;
  }
  return text;
}

}  // namespace qemu
