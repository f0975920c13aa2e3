// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/console_watch.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace qemu {
namespace {

constexpr std::array<std::string_view, 2> kPanics = {"Kernel panic - not syncing", "PANIC: "};

bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

template <std::size_t size>
bool startsWithAny(std::string_view text, const std::array<std::string_view, size>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); });
}

// The length of a time stamp, "[   12.345678] ", at the beginning of a text, or 0.
std::size_t timeStampLength(std::string_view text) {
  constexpr std::size_t kFraction = 6;
  std::size_t at = 0;
  const auto skip = [&](auto matches) {
    const std::size_t begin = at;
    while (at < text.size() && matches(text[at])) ++at;
    return at - begin;
  };
  if (!text.starts_with('[')) return 0;
  ++at;
  skip([](char c) { return c == ' '; });
  if (skip(isDigit) == 0 || at >= text.size() || text[at] != '.') return 0;
  ++at;
  if (skip(isDigit) != kFraction || !text.substr(at).starts_with(']')) return 0;
  ++at;
  return text.substr(at).starts_with(' ') ? at + 1 : at;
}

// CONFIG_PRINTK_CALLER adds the task or the processor: "[    T1] ", "[   C0] ".
std::size_t callerLength(std::string_view text) {
  const std::size_t end = text.find("] ");
  if (!text.starts_with('[') || end == std::string_view::npos) return 0;
  const std::size_t kind = text.find_first_not_of(' ', 1);
  if (kind >= end || (text[kind] != 'T' && text[kind] != 'C')) return 0;
  if (kind + 1 == end) return 0;
  if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(kind) + 1,
                   text.begin() + static_cast<std::ptrdiff_t>(end), isDigit)) {
    return 0;
  }
  return end + 2;
}

// "BUG kmalloc-64 (Not tainted): Right Redzone overwritten": SLUB puts no colon after BUG.
bool isSlubReport(std::string_view message) {
  return message.starts_with("BUG ") &&
         (contains(message, " (Not tainted): ") || contains(message, " (Tainted: "));
}

bool isStall(std::string_view message) {
  if (message.starts_with("INFO: task ")) return contains(message, " blocked for more than ");
  return (message.starts_with("rcu: INFO: ") || message.starts_with("INFO: rcu_")) &&
         contains(message, "stall");
}

// An Oops prints a second header with "[#1]" some lines after its first line.
bool isSecondHeader(std::string_view message) {
  return contains(message, "[#");
}

}  // namespace

std::optional<std::string_view> kernelMessage(std::string_view line) {
  // A program may have left an unfinished line on the console: look for a time stamp within it.
  for (std::size_t at = line.find('['); at != std::string_view::npos; at = line.find('[', at + 1)) {
    if (const std::size_t length = timeStampLength(line.substr(at)); length != 0) {
      const std::string_view message = line.substr(at + length);
      return message.substr(callerLength(message));
    }
  }
  return std::nullopt;
}

bool startsSplat(std::string_view message) {
  static constexpr std::array<std::string_view, 22> kBeginnings = {
      "BUG: ", "[ BUG: ", "kernel BUG at ",
      "watchdog: BUG: ", "WARNING: ", "KASAN: ", "UBSAN: ", "Oops: ", "Oops#", "Oops[",
      "general protection fault", "divide error: ", "invalid opcode: ", "double fault: ",
      "stack segment: ", "Unable to handle kernel ", "Internal error: ",
      // lockdep and RCU, as older kernels write it
      "INFO: possible circular locking dependency", "INFO: inconsistent lock state",
      "INFO: possible recursive locking", "INFO: suspicious RCU usage",
      "INFO: trying to register non-static key"};
  // Deprecation warnings that look like a splat.
  static constexpr std::array<std::string_view, 2> kHarmless = {
      "WARNING: Flushing system-wide workqueues", "WARNING: Support for "};
  if (startsWithAny(message, kHarmless)) return false;
  return startsWithAny(message, kBeginnings) || isSlubReport(message) || isStall(message);
}

void ConsoleWatch::line(std::string_view text) {
  tail_.emplace_back(text);
  if (tail_.size() > tail_limit_) tail_.pop_front();
  if (const auto message = kernelMessage(text)) {
    kernelLine(*message);
  } else if (startsWithAny(text, kPanics)) {
    kernelLine(text);  // before the kernel stamps its lines
  }
}

void ConsoleWatch::kernelLine(std::string_view message) {
  constexpr std::size_t kSameSplat = 15;  // lines
  ++lines_since_splat_;
  if (startsWithAny(message, kPanics)) {
    // If the kernel panics again during a panic, the first one is the reason.
    if (!panic_) panic_ = std::string(message);
  } else if (startsSplat(message)) {
    const bool same =
        !splats_.empty() && lines_since_splat_ < kSameSplat && isSecondHeader(message);
    if (!same && splats_.size() < kSplatLimit) splats_.emplace_back(message);
    lines_since_splat_ = 0;
  } else if (message.starts_with("reboot: Power down") || message == "Power down.") {
    powered_off_ = true;
  } else if (message.starts_with("reboot: Restarting system") ||
             message.starts_with("Restarting system.")) {
    restarted_ = true;
  }
}

}  // namespace qemu
