// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/machine.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "qemu/console_watch.h"
#include "qemu/evidence.h"
#include "qemu/host.h"
#include "qemu/line_splitter.h"
#include "qemu/started_machine.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kVerdictLine = 1u << 20;  // bytes
constexpr std::size_t kConsoleLine = 64u << 10;
// A panicking kernel prints a backtrace and restarts; after this time, it is killed.
constexpr std::chrono::seconds kPanicGrace{2};
constexpr std::chrono::seconds kKillGrace{5};
// A boot may take that many times Limits::boot if the console is not silent for as long as that.
constexpr int kMostBootLimits = 4;

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

// A console line that is safe to print: anything but printable ASCII becomes '?'.
std::string printable(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  std::string text(line);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c != '\t' && (c < ' ' || c > '~'); }, '?');
  return text;
}

// The console log. Every line is written immediately.
class ConsoleLog {
 public:
  explicit ConsoleLog(std::filesystem::path path) : path_(std::move(path)) {
    if (path_.empty()) return;
    file_ = sys::Descriptor(open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file_) throw sys::SetupError("open the console's log", path_.string(), errno);
  }

  void line(std::string text) {
    if (!file_) return;
    text += '\n';
    for (std::string_view left = text; !left.empty();) {
      const ssize_t size = write(file_.get(), left.data(), left.size());
      if (size < 0 && errno == EINTR) continue;
      sys::require(size, "write the console's log", path_.string());
      left.remove_prefix(static_cast<std::size_t>(size));
    }
  }

 private:
  std::filesystem::path path_;
  sys::Descriptor file_;
};

StartedMachine start(const Machine& machine, const Boot& boot) {
  if (const auto problems = missingOnHost(machine, boot); !problems.empty()) {
    throw sys::SetupError("boot a machine:", problems.front(), 0);
  }
  if (machine.kind == Kind::userModeLinux) return startUserModeLinux(boot);
  if (machine.kind == Kind::qemu) return startQemu(*machine.architecture, boot);
  return startVng(*machine.architecture, boot);
}

// Runs one machine until it ends.
class Session {
 public:
  Session(const Machine& machine, const Boot& boot, const Limits& limits, Listener& listener)
      : limits_(limits),
        listener_(listener),
        log_(boot.console_log),
        machine_(start(machine, boot)) {
    evidence_.kind = machine.kind;
  }

  Outcome run() {
    while (evidence_.cause == Cause::none) {
      sys::throwIfInterrupted();
      waitForEvents();
      const bool ended = machine_.process.wait(std::chrono::milliseconds(0)).has_value();
      readAll();
      if (ended) {
        evidence_.cause = Cause::ended;
      } else {
        judge();
      }
    }
    if (evidence_.cause != Cause::ended) machine_.process.signal(SIGKILL);
    evidence_.exit = machine_.process.wait(kKillGrace);
    readAll();
    if (const std::string rest = console_lines_.takePartial(); !rest.empty()) consoleLine(rest);
    return conclude();
  }

 private:
  // Sets the cause if the machine must be killed.
  void judge() {
    if (console_bytes_ > Outcome::kConsoleLimit || console_burst_ > Outcome::kConsoleBurst) {
      evidence_.cause = Cause::console_flooded;
    } else if (verdict_lines_.overflowed()) {
      evidence_.cause = Cause::endless_line;
    } else if (watch_.restarted() && evidence_.kind == Kind::userModeLinux) {
      evidence_.cause = Cause::restarted;  // it would boot and run everything again
    } else if (const auto [when, cause] = deadline(); Clock::now() >= when) {
      evidence_.cause = cause;
    }
  }

  // How long to wait, and the cause if nothing happens until then. The listener may change the
  // limits at any time.
  std::pair<Clock::time_point, Cause> deadline() const {
    if (panicked_) return {*panicked_ + kPanicGrace, Cause::panicked};
    if (completed_) return {*completed_ + limits_.shutdown, Cause::no_shutdown};
    if (evidence_.heard) return {last_line_ + limits_.silence, Cause::silence};
    // A kernel that prints is on its way, on a busy host also after the limit.
    const auto quiet = last_console_line_ + limits_.boot;
    return {std::min(quiet, start_ + kMostBootLimits * limits_.boot), Cause::silent_boot};
  }

  void waitForEvents() {
    std::array<pollfd, 5> events{{{machine_.console.get(), POLLIN, 0},
                                  {machine_.verdicts.get(), POLLIN, 0},
                                  {machine_.control.get(), POLLIN, 0},
                                  {machine_.process.pidfd(), POLLIN, 0},
                                  {sys::interruptDescriptor(), POLLIN, 0}}};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline().first - Clock::now()).count();
    poll(events.data(), events.size(), static_cast<int>(std::clamp<long long>(left, 0, INT_MAX)));
  }

  void readAll() {
    read(machine_.control, [this](std::string_view bytes) {
      control_lines_.add(bytes, [this](std::string_view line) { controlLine(line); });
    });
    read(machine_.verdicts, [this](std::string_view bytes) {
      verdict_lines_.add(bytes, [this](std::string_view line) { verdictLine(line); });
    });
    read(machine_.console, [this](std::string_view bytes) {
      console_bytes_ += bytes.size();
      console_burst_ += bytes.size();
      console_lines_.add(bytes, [this](std::string_view line) { consoleLine(line); });
      if (console_lines_.partial().size() > kConsoleLine) consoleLine(console_lines_.takePartial());
    });
  }

  // Reads what is available, but not endlessly: a guest may write faster than we read. Closes a
  // stream at its end, so that it is no longer polled.
  template <typename Take>
  static void read(sys::Descriptor& stream, const Take& take) {
    std::array<char, 65536> buffer;
    for (int turn = 0; stream && turn < 32; ++turn) {
      const ssize_t size = ::read(stream.get(), buffer.data(), buffer.size());
      if (size > 0) {
        take(std::string_view(buffer.data(), static_cast<std::size_t>(size)));
      } else if (size < 0 && errno == EINTR) {
        continue;
      } else if (size < 0 && errno == EAGAIN) {
        return;
      } else {
        stream.close();
      }
    }
  }

  void verdictLine(std::string_view line) {
    last_line_ = Clock::now();
    console_burst_ = 0;
    if (!evidence_.heard) boot_ = since(start_);
    evidence_.heard = true;
    listener_.line(line);
    if (!completed_ && listener_.complete()) completed_ = last_line_;
  }

  void consoleLine(std::string_view line) {
    last_console_line_ = Clock::now();
    const std::string text = printable(line);
    log_.line(text);
    const std::size_t seen = watch_.splats().size();
    watch_.line(text);
    if (watch_.splats().size() > seen) listener_.splat(watch_.splats().back());
    if (!panicked_ && watch_.panic()) panicked_ = Clock::now();
  }

  void controlLine(std::string_view line) {
    if (line.find("\"QMP\"") != std::string_view::npos) greeted_ = true;
    if (line.find("\"SHUTDOWN\"") == std::string_view::npos) return;
    if (line.find("guest-shutdown") != std::string_view::npos) evidence_.powered_off = true;
    if (line.find("guest-reset") != std::string_view::npos) evidence_.reset = true;
  }

  Outcome conclude() {
    evidence_.complete = listener_.complete();
    if (evidence_.kind != Kind::qemu) evidence_.powered_off = watch_.poweredOff();
    evidence_.partial_line = !verdict_lines_.partial().empty();
    evidence_.panic = watch_.panic();
    evidence_.splats = watch_.splats();
    evidence_.console_tail = watch_.tail();
    evidence_.limits = limits_;
    Outcome outcome = judgeMachine(evidence_);
    // If virtme-ng exited without starting QEMU, this says nothing about the kernel.
    if (evidence_.kind == Kind::vng && evidence_.cause == Cause::ended && !greeted_) {
      throw sys::SetupError("start QEMU:", outcome.end_detail, 0);
    }
    outcome.boot = boot_;
    outcome.total = since(start_);
    return outcome;
  }

  const Limits& limits_;
  Listener& listener_;
  ConsoleLog log_;
  const Clock::time_point start_ = Clock::now();
  StartedMachine machine_;
  ConsoleWatch watch_{Outcome::kTailLines};
  LineSplitter console_lines_{std::numeric_limits<std::size_t>::max()};
  LineSplitter verdict_lines_{kVerdictLine};
  LineSplitter control_lines_{std::numeric_limits<std::size_t>::max()};
  std::size_t console_bytes_ = 0;
  std::size_t console_burst_ = 0;  // since the last line on the verdict channel
  Clock::time_point last_line_ = start_, last_console_line_ = start_;
  std::optional<Clock::time_point> panicked_, completed_;
  std::chrono::milliseconds boot_{0};
  bool greeted_ = false;  // by QEMU's monitor
  Evidence evidence_;
};

}  // namespace

std::string_view nameOf(Kind kind) {
  switch (kind) {
    case Kind::userModeLinux:
      return "uml";
    case Kind::qemu:
      return "qemu";
    case Kind::vng:
      break;
  }
  return "vng";
}

Machine machineFor(const architectures::Architecture& architecture) {
  return {architecture.qemu ? Kind::qemu : Kind::userModeLinux, &architecture};
}

std::string diskDevice(const Machine& machine, std::size_t index) {
  return machine.architecture->disk + static_cast<char>('a' + index);
}

Outcome run(const Machine& machine, const Boot& boot, const Limits& limits, Listener& listener) {
  return Session(machine, boot, limits, listener).run();
}

}  // namespace qemu
