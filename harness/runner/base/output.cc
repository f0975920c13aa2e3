// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runner/base/failure.h"

namespace runner {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The variables are looked at in the order that setlocale(3) uses.
bool localeIsUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    return value.contains("UTF-8") || value.contains("utf8");
  }
  return false;
}

// All 0 without a terminal.
winsize sizeOf(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size : winsize{};
}

}  // namespace

void writeAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      throw OutputClosed();
    } else if (errno != EINTR) {
      throw Failure(ExitStatus::environment, "cannot write the output: {}", std::strerror(errno));
    }
  }
}

void print(std::string_view text) {
  writeAll(STDOUT_FILENO, text);
}

Style styleFor(int fd) {
  const bool terminal = isLive(fd);
  return {.color = terminal && environment("NO_COLOR").empty(),
          .unicode = localeIsUtf8(),
          .width = std::clamp<std::size_t>(terminalColumns(fd), 60, 100)};
}

bool isLive(int fd) {
  return ::isatty(fd) == 1 && environment("TERM") != "dumb";
}

std::size_t terminalColumns(int fd) {
  const auto columns = sizeOf(fd).ws_col;
  return columns == 0 ? 100 : columns;
}

std::size_t terminalRows(int fd) {
  const auto rows = sizeOf(fd).ws_row;
  return rows == 0 ? 24 : rows;
}

}  // namespace runner
