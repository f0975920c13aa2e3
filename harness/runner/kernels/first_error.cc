// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/first_error.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <regex>

#include "runner/kernels/build.h"

namespace runner {

namespace {

using Kind = BuildError::Kind;
using Log = std::vector<std::string>;

constexpr std::ptrdiff_t kErrorLines = 12;
constexpr std::ptrdiff_t kLinesAbove = 4;  // of an error that only make names

struct Sign {
  Kind kind;
  std::regex line;
};

Sign sign(Kind kind, const char* line) {
  return {kind, std::regex(line, std::regex::ECMAScript | std::regex::optimize)};
}

// The host is the reason, and what others say about it is a consequence: looked for in the whole
// log before anything else.
const std::vector<Sign>& ofTheHost() {
  static const std::vector<Sign> signs = {
      sign(Kind::diskFull, "No space left on device|Disk quota exceeded"),
      // gcc about cc1, its driver about the linker, the shell about anything.
      sign(Kind::memory,
           "Killed signal terminated program|signal 9 \\[Killed\\]|[Oo]ut of memory|"
           "virtual memory exhausted|[Cc]annot allocate memory|: line \\d+: +\\d+ Killed|"
           "^Killed$|\\*\\*\\* .*\\] Killed$"),
  };
  return signs;
}

// A line that says what is wrong, and where. The first in the log is the one; if several match it,
// the first here.
const std::vector<Sign>& specific() {
  static const std::vector<Sign> signs = {
      // sh, bash, dash, make and env, each in its own words.
      sign(Kind::program,
           "[Cc]ommand not found|^(/bin/)?(ba|da)?sh: (line )?\\d+: .*: not found|"
           "^make(\\[\\d+\\])?: [^*:]+: No such file or directory$|"
           "^(/usr/bin/)?env: .*No such file or directory|pahole.* is not available"),
      sign(Kind::btf,
           "^FAILED:? |^BTF: .*(fail|error)|pahole: .*(fail|error|invalid|unrecognized)|"
           "(resolve_btfids|BTFIDS).*(ERROR|FAILED)|Failed to generate BTF"),
      sign(Kind::kconfig,
           "Kconfig[^ :]*:\\d+:(?! ?warning)|^\\*\\*\\* (Can't find default configuration|"
           "Configuration file)"),
      sign(Kind::objtool, "error: objtool: |objtool: (error|.*can't )"),
      sign(Kind::modpost, "(ERROR|FATAL): modpost: |^ERROR: .* undefined!$"),
      sign(Kind::linker,
           "undefined reference to|multiple definition of|\\bld(\\.\\w+)?: (?!warning|.*in "
           "function)|"
           "relocation truncated to fit|collect2: error: "),
      sign(Kind::compiler,
           "^[^ ]+:\\d+(:\\d+)?: (fatal )?error: |^[^ ]+:\\d+: Error: |"
           "^(gcc|cc1|as|[a-z0-9_-]+-gcc): (fatal )?error: "),
      sign(Kind::makefile,
           "No rule to make target|missing separator|\\*\\*\\* (?!\\[)(?!.*\\] Error "
           "\\d).*Stop\\.$"),
  };
  return signs;
}

// Only something that looks like an error, most telling first.
const std::vector<Sign>& unspecific() {
  static const std::vector<Sign> signs = {
      sign(Kind::unspecific, "[Ee]rror: |^\\*\\*\\* (?!Waiting)(?!\\[)"),
      sign(Kind::unspecific, "ERROR: "),
      sign(Kind::unspecific, "not found"),
  };
  return signs;
}

struct Found {
  Kind kind = Kind::none;
  Log::const_iterator line;
};

// The first line that has any of the signs.
Found findFirst(const Log& log, const std::vector<Sign>& signs) {
  for (auto line = log.begin(); line != log.end(); ++line) {
    if (!madeFile(*line).empty()) continue;
    for (const Sign& each : signs) {
      if (std::regex_search(*line, each.line)) return {each.kind, line};
    }
  }
  return {Kind::none, log.end()};
}

Found find(const Log& log) {
  for (const auto& signs : {ofTheHost(), specific()}) {
    if (const Found found = findFirst(log, signs); found.kind != Kind::none) return found;
  }
  for (const Sign& each : unspecific()) {
    if (const Found found = findFirst(log, {each}); found.kind != Kind::none) return found;
  }
  return {Kind::none, log.end()};
}

// "make[2]: *** [scripts/Makefile.build:250: fs/a.o] Error 1"
bool isMakesOwn(const std::string& line) {
  return line.starts_with("make") && line.contains("*** [");
}

// The lines that come just before an error and belong to it.
bool leadsTo(const std::string& line) {
  return line.contains("In function") || line.contains("in function") ||
         line.contains("In file included from") || line.starts_with("                 from ");
}

std::string textOf(Log::const_iterator begin, Log::const_iterator found, Log::const_iterator end) {
  std::string text;
  for (auto line = begin; line != end && line - begin < kErrorLines; ++line) {
    const bool new_report =
        line > found && (!madeFile(*line).empty() || line->starts_with("make") ||
                         line->contains(": error: ") || line->contains(": warning: "));
    if (new_report) break;
    text += "  " + *line + '\n';
  }
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace

std::string_view nameOf(Kind kind) {
  constexpr std::array<std::string_view, 12> kNames = {
      "none",     "disk full", "memory",  "missing program", "Kconfig", "make",
      "compiler", "linker",    "modpost", "objtool",         "BTF",     "error"};
  return kNames.at(static_cast<std::size_t>(kind));
}

BuildError firstError(const Log& log) {
  const Found found = find(log);
  auto begin = found.line;
  if (found.kind == Kind::none) {
    // A script that failed without a word that is known: show what stands above make's complaint.
    const auto made = std::ranges::find_if(log, isMakesOwn);
    if (made == log.end()) return {};
    for (begin = made; begin != log.begin() && made - begin < kLinesAbove &&
                       madeFile(*(begin - 1)).empty() && !(begin - 1)->starts_with("make");) {
      --begin;
    }
    return {Kind::unspecific, textOf(begin, made, made + 1)};
  }
  while (begin != log.begin() && found.line - begin < kLinesAbove && leadsTo(*(begin - 1))) --begin;
  return {found.kind, textOf(begin, found.line, log.end())};
}

}  // namespace runner
