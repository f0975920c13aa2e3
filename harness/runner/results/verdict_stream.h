// SPDX-License-Identifier: GPL-2.0-only
// The verdict stream: the output of the guest program, one JSON object per line.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runner/results/results.h"

namespace runner {

// The version of the stream that this program reads.
inline constexpr int kProtocol = 1;

struct HelloEvent {
  int protocol = 0;
  std::string kernel;     // uname -r
  std::size_t cases = 0;  // how many will run
};
// The kernel or the guest lacks something, and no case will run.
struct UnableEvent {
  std::string what;              // in the guest's words
  bool only_filesystem = false;  // other filesystems are not affected
};
// Something about the kernel that is no verdict: a module that does not load.
struct NoteEvent {
  std::string what;  // in the guest's words
};
// Which quirks the guest asked the kernel for, and found.
struct QuirksEvent {
  std::vector<std::string> asked, found;  // ids
};
// Which circumstances the random steps of `explore` had, pair by pair.
struct PairsEvent {
  Pairs pairs;
};
struct StartEvent : CaseId {
  std::chrono::seconds limit{0};  // how long the case may take
};
struct VerdictEvent {
  CaseResult result;
};
struct EndEvent {
  std::size_t verdicts = 0;  // how many it gave
};
// Not a line of this stream.
struct MalformedLine {
  std::string why;  // with the beginning of the line
};

using Event = std::variant<HelloEvent, UnableEvent, NoteEvent, QuirksEvent, PairsEvent, StartEvent,
                           VerdictEvent, EndEvent, MalformedLine>;

// Parses one line, without its newline. Never throws: returns a MalformedLine for bad input.
Event parseEvent(std::string_view line);

}  // namespace runner
