// SPDX-License-Identifier: GPL-2.0-only
#include "runner/shell/shell_record.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "runner/base/failure.h"
#include "runner/run/machine_end.h"

namespace runner {

ShellRecord::ShellRecord(std::function<void()> on_shell, unsigned timeout_factor)
    : on_shell_(std::move(on_shell)) {
  limits_.boot *= timeout_factor;
  limits_.shutdown *= timeout_factor;
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
                  fmt::format("the guest cannot start a shell: {}", fmt::join(unable_, "; ")));
  }
  if (outcome.kind != qemu::EndKind::finished || !status_) {
    throw failureOf(outcome, "the guest powered off before its shell exited");
  }
  return *status_;
}

}  // namespace runner
