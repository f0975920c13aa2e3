// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/channel.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

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

}  // namespace

Channel::Channel(const std::string& name) : descriptor_(STDOUT_FILENO), name_(name) {
  if (name.empty()) return;
  const std::string device = name.front() == '/' ? name : portDevice(name);
  owned_ = sys::Descriptor(static_cast<int>(
      sys::require(::open(device.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC), "open", device)));
  descriptor_ = owned_.get();
  if (::isatty(descriptor_) == 1) {
    termios mode{};
    sys::require(::tcgetattr(descriptor_, &mode), "tcgetattr", device);
    ::cfmakeraw(&mode);
    sys::require(::tcsetattr(descriptor_, TCSANOW, &mode), "tcsetattr", device);
  }
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
