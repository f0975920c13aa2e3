// SPDX-License-Identifier: GPL-2.0
#include "runner/shell_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "runner/failure.h"

namespace runner {
namespace {

constexpr std::ptrdiff_t kConsoleLines = 20;  // of the console's end that a failure shows

ExitStatus statusOf(qemu::EndKind kind) {
  switch (kind) {
    case qemu::EndKind::finished:
      return ExitStatus::error;  // without a word of the shell's end
    case qemu::EndKind::panic:
      return ExitStatus::panic;
    case qemu::EndKind::splat:
      return ExitStatus::splat;
    case qemu::EndKind::timeout:
      return ExitStatus::timeout;
    case qemu::EndKind::flooded:
    case qemu::EndKind::never_booted:
    case qemu::EndKind::powered_off:
    case qemu::EndKind::lost:
      break;
  }
  return ExitStatus::lost;
}

std::string describe(const qemu::Outcome& outcome) {
  if (outcome.kind == qemu::EndKind::powered_off) {
    return "the guest powered off before its shell had ended";
  }
  std::string text = outcome.detail;
  const std::vector<std::string>& tail = outcome.console_tail;
  if (!tail.empty()) text += "\nThe end of its console:";
  const auto lines = std::min<std::ptrdiff_t>(kConsoleLines, std::ssize(tail));
  for (auto line = tail.end() - lines; line != tail.end(); ++line) text += "\n    " + *line;
  return text;
}

}  // namespace

ShellRecord::ShellRecord(std::function<void()> on_shell, unsigned patience)
    : on_shell_(std::move(on_shell)) {
  limits_.boot *= patience;
  limits_.shutdown *= patience;
  limits_.silence = std::chrono::hours(24 * 365);
}

void ShellRecord::line(std::string_view text) {
  const auto object = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (!object.is_object()) return;
  const auto wordAt = [&](const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
  };
  const std::string event = wordAt("event");
  if (event == "hello") {
    if (on_shell_) std::exchange(on_shell_, nullptr)();
  } else if (event == "unable") {
    unable_.push_back(wordAt("what"));
  } else if (event == "exit") {
    const auto status = object.find("status");
    if (status != object.end() && status->is_number_integer()) status_ = status->get<int>();
  }
}

int ShellRecord::judge(const qemu::Outcome& outcome) const {
  if (!unable_.empty()) {
    throw Failure(ExitStatus::error,
                  fmt::format("the guest could not set up its disk: {}", fmt::join(unable_, "; ")));
  }
  if (outcome.kind != qemu::EndKind::finished || !status_) {
    throw Failure(statusOf(outcome.kind), describe(outcome));
  }
  return *status_;
}

}  // namespace runner
