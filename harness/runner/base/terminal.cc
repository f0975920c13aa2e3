// SPDX-License-Identifier: GPL-2.0
#include "runner/base/terminal.h"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "runner/base/failure.h"
#include "runner/base/guest_text.h"
#include "runner/base/output.h"

namespace runner {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstDrawing = 150ms;
constexpr auto kDrawings = 100ms;

}  // namespace

Terminal::Terminal() : live_(isLive(STDERR_FILENO)), style_(styleFor(STDERR_FILENO)) {}

Terminal::~Terminal() {
  hide();
}

void Terminal::print(std::string_view line) {
  if (closed_) throw OutputClosed();
  const std::lock_guard lock(mutex_);
  writeAll(STDERR_FILENO, fmt::format("{}{}\n", erased(), line));
}

void Terminal::show(std::function<std::vector<std::string>()> lines) {
  hide();
  if (!live_) return;
  lines_ = std::move(lines);
  drawer_ = std::jthread([this](const std::stop_token& stop) { drawUntil(stop); });
}

void Terminal::hide() {
  if (drawer_.joinable()) {
    drawer_.request_stop();
    drawer_.join();
  }
  const std::lock_guard lock(mutex_);
  lines_ = nullptr;
  write(erased());
}

void Terminal::drawUntil(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  auto pause = kFirstDrawing;
  // wait_for() comes back early only when the drawing has to end.
  while (!wake_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); })) {
    pause = kDrawings;
    const std::size_t width = terminalColumns(STDERR_FILENO);
    std::string text = erased();
    for (const std::string& line : lines_()) {
      // Lines that the terminal would break could not be removed again.
      text +=
          columnsOf(printable(line)) < width ? line : truncate(printable(line), width - 1, style_);
      text += '\n';
      ++drawn_;
    }
    write(text);
  }
}

std::string Terminal::erased() {
  if (drawn_ == 0) return "";
  return fmt::format("\x1b[{}A\r\x1b[J", std::exchange(drawn_, 0));
}

void Terminal::write(const std::string& text) {
  try {
    writeAll(STDERR_FILENO, text);
  } catch (const OutputClosed&) {
    closed_ = true;  // said by the next print(), on the thread that has to stop
  } catch (const Failure&) {
    // A terminal that went away must not end a run.
  }
}

}  // namespace runner
