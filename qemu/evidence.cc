// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/evidence.h"

#include <fmt/core.h>

#include <cstring>

#include "qemu/started_machine.h"

namespace qemu {
namespace {

// The guest powered off, as it should, rather than being reset or killed.
bool poweredOff(const Evidence& evidence) {
  if (evidence.cause != Cause::ended) return false;
  if (evidence.kind == Kind::qemu) return evidence.powered_off;
  // virtme-ng does not pass on QEMU's status, so the kernel must have announced the power-off.
  if (evidence.kind == Kind::vng) return evidence.powered_off;
  // Status 0 alone is not enough: a program that is not a kernel returns it too.
  return evidence.exit && evidence.exit->ok() && (evidence.heard || evidence.powered_off);
}

bool restarted(const Evidence& evidence) {
  return evidence.cause == Cause::restarted || evidence.reset;
}

// How it ended, going by anything but the console.
EndKind kindOfEnd(const Evidence& evidence) {
  switch (evidence.cause) {
    case Cause::console_flooded:
    case Cause::endless_line:
      return EndKind::flooded;
    case Cause::silent_boot:
      return EndKind::never_booted;
    case Cause::silence:
    case Cause::no_shutdown:
      return EndKind::timeout;
    case Cause::none:
    case Cause::ended:
    case Cause::panicked:
    case Cause::restarted:
      break;
  }
  if (poweredOff(evidence)) return evidence.complete ? EndKind::finished : EndKind::powered_off;
  if (!evidence.heard) return EndKind::never_booted;
  if (restarted(evidence) && !evidence.complete) return EndKind::powered_off;
  return EndKind::lost;
}

std::string programOf(Kind kind) {
  switch (kind) {
    case Kind::userModeLinux:
      return "the User-Mode Linux kernel's process";
    case Kind::qemu:
      return "QEMU";
    case Kind::vng:
      break;
  }
  return "virtme-ng";
}

std::string processEnd(const Evidence& evidence) {
  const std::string program = programOf(evidence.kind);
  if (evidence.reset) return "the machine reset itself";
  if (!evidence.exit) return program + " could not be killed";
  if (evidence.exit->signal != 0) {
    return fmt::format("{} was killed by signal {} ({})", program, evidence.exit->signal,
                       strsignal(evidence.exit->signal));
  }
  return fmt::format("{} ended with status {}", program, evidence.exit->code);
}

// The last line that is not blank.
std::string lastWords(const std::vector<std::string>& console) {
  for (auto line = console.rbegin(); line != console.rend(); ++line) {
    if (line->find_first_not_of(" \t") != std::string::npos) return ": " + *line;
  }
  return ", and printed nothing";
}

std::string neverBooted(const Evidence& evidence) {
  if (evidence.cause == Cause::silent_boot) {
    return fmt::format("the guest said nothing within {} s, or longer while the kernel printed{}",
                       evidence.limits.boot.count(), lastWords(evidence.console_tail));
  }
  if (evidence.kind == Kind::userModeLinux) {
    if (auto why = explainUserModeLinux(evidence.console_tail); !why.empty()) return why;
  }
  return processEnd(evidence) + " before the guest said anything" +
         lastWords(evidence.console_tail);
}

std::string describe(EndKind kind, const Evidence& evidence) {
  switch (kind) {
    case EndKind::finished:
      return "powered off after the last verdict";
    case EndKind::flooded:
      if (evidence.cause == Cause::endless_line) {
        return "endless line on the verdict channel";
      }
      return fmt::format("the console is flooded: more than {} KiB without a verdict, or {} MiB",
                         Outcome::kConsoleBurst >> 10, Outcome::kConsoleLimit >> 20);
    case EndKind::never_booted:
      return neverBooted(evidence);
    case EndKind::timeout:
      if (evidence.cause == Cause::no_shutdown) {
        return fmt::format("the guest finished but did not power off within {} s",
                           evidence.limits.shutdown.count());
      }
      return fmt::format("no word from the guest for {} s", evidence.limits.silence.count());
    case EndKind::powered_off:
      return restarted(evidence) ? "the machine restarted before the guest finished"
                                 : "the machine powered off before the guest finished";
    case EndKind::panic:
    case EndKind::splat:
    case EndKind::lost:
      break;
  }
  if (restarted(evidence)) return "the machine restarted instead of powering off";
  return processEnd(evidence);
}

std::string describeSplats(const std::vector<std::string>& splats) {
  if (splats.size() == 1) return "the kernel complained: " + splats.front();
  return fmt::format("the kernel complained {} times, first: {}", splats.size(), splats.front());
}

}  // namespace

Outcome judgeMachine(const Evidence& evidence) {
  Outcome outcome;
  outcome.splats = evidence.splats;
  outcome.console_tail = evidence.console_tail;
  outcome.end = kindOfEnd(evidence);
  outcome.end_detail = describe(outcome.end, evidence);
  if (evidence.panic) {
    outcome.end = EndKind::panic;
    outcome.end_detail = "the kernel panicked: " + *evidence.panic;
    if (evidence.complete) outcome.end_detail += " (after the last verdict)";
  }
  if (evidence.partial_line && outcome.end != EndKind::flooded) {
    outcome.end_detail += "; the verdict stream ended in the middle of a line";
  }
  outcome.kind = outcome.end;
  outcome.detail = outcome.end_detail;
  if (!evidence.panic && !evidence.splats.empty()) {
    outcome.kind = EndKind::splat;
    outcome.detail = describeSplats(evidence.splats);
    if (outcome.end != EndKind::finished) outcome.detail += "; then " + outcome.end_detail;
  }
  return outcome;
}

}  // namespace qemu
