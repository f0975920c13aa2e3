// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/channel.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "sys/setup_error.h"

namespace conformance {
namespace {

// The device of the virtio-serial port with this name.
std::string portDevice(const std::string& name) {
  const std::filesystem::path ports = "/sys/class/virtio-ports";
  std::error_code ignored;
  for (const auto& port : std::filesystem::directory_iterator(ports, ignored)) {
    std::string text;
    if (std::getline(std::ifstream(port.path() / "name"), text) && text == name) {
      return "/dev/" + port.path().filename().string();
    }
  }
  throw sys::SetupError("verdict channel", "no virtio-serial port is named " + name, ENOENT);
}

sys::Descriptor openChannel(const std::string& name) {
  const std::string device = name.front() == '/' ? name : portDevice(name);
  sys::Descriptor file(static_cast<int>(
      sys::require(::open(device.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC), "open", device)));
  if (::isatty(file.get()) == 1) {
    // The kernel has a node for every line that it may have, but only a line that exists can be
    // set (EIO).
    termios mode{};
    sys::require(::tcgetattr(file.get(), &mode), "tcgetattr", device);
    ::cfmakeraw(&mode);
    sys::require(::tcsetattr(file.get(), TCSANOW, &mode), "tcsetattr", device);
  }
  return file;
}

}  // namespace

Channel::Channel(const std::string& names) : descriptor_(STDOUT_FILENO), name_(names) {
  if (names.empty()) return;
  std::optional<sys::SetupError> problem;
  std::istringstream list(names);
  for (std::string name; !owned_ && std::getline(list, name, ',');) {
    try {
      owned_ = openChannel(name);
      name_ = name;
    } catch (const sys::SetupError& error) {
      if (!problem) problem = error;
    }
  }
  if (!owned_) throw sys::SetupError(problem.value());
  descriptor_ = owned_.get();
}

void Channel::send(const Event& event) {
  const std::string line = toJson(event) + '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = ::write(descriptor_, line.data() + sent, line.size() - sent);
    if (count < 0 && errno == EINTR) continue;
    sys::require(count, "write to the verdict channel", name_.empty() ? "stdout" : name_);
    sent += static_cast<std::size_t>(count);
  }
}

void Channel::drain() {
  if (::isatty(descriptor_) == 1) ::tcdrain(descriptor_);
}

}  // namespace conformance
