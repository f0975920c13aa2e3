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
constexpr std::ptrdiff_t kLinesAbove = 6;  // that lead to an error, or of one that only make names

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
           "memory exhausted|memory allocation of \\d+ bytes failed|[Cc]annot allocate memory|: "
           "line \\d+: +\\d+ Killed|"
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
           "[Cc]ommand not found|^(/bin/)?(ba|da)?sh: .*: not found$|"
           "^[^ ]+: \\d+: [^ ]+: not found$|bad interpreter: No such file or directory|"
           "^make(\\[\\d+\\])?: [^*:]+: No such file or directory$|"
           "^(/usr/bin/)?env: .*No such file or directory|pahole.* is not available|"
           "fatal error: (openssl/.*|(lib|g)?elf\\.h|zlib\\.h|dwarf\\.h): No such file|"
           "cannot find -l\\w+"),
      sign(Kind::btf,
           "^FAILED:? |^BTF: .*(fail|error)|pahole: .*(fail|error|invalid|unrecognized)|"
           "(resolve_btfids|BTFIDS).*(ERROR|FAILED)|Failed to generate BTF|"
           "(Segmentation fault|Aborted|Bus error) .*pahole"),
      sign(Kind::kconfig,
           "Kconfig[^ :]*:\\d+:(?! ?warning)|^error: recursive dependency detected|^\\*\\*\\* "
           "(Can't find default configuration|"
           "Configuration file)"),
      sign(Kind::objtool, "error: objtool: |objtool: (error|.*can't )"),
      sign(Kind::modpost, "(ERROR|FATAL): modpost: |^ERROR: .* undefined!$"),
      sign(Kind::linker,
           "undefined reference to|multiple definition of|\\bld(\\.\\w+)?: (?!warning|NOTE|.*: "
           "warning: |.*in "
           "function)|"
           "relocation truncated to fit|collect2: error: "),
      sign(Kind::compiler,
           "^[^ ]+:\\d+(:\\d+)?: (fatal |internal compiler )?error: |"
           "^([^ ]+|\\{standard input\\}):\\d+: Error: |^error\\[E\\d+\\]: |"
           "^(gcc|cc1|as|[a-z0-9_-]+-gcc): (fatal )?error: "),
      sign(Kind::makefile,
           "No rule to make target|missing separator|\\*\\*\\* (?!\\[)(?!.*\\] Error "
           "\\d).*Stop\\.$"),
      // A program that crashed, whichever, or that could not be started.
      sign(Kind::unspecific,
           "(^|: line \\d+: +\\d+ )(Segmentation fault|Aborted|Bus error|Illegal instruction)|"
           "Argument list too long|Too many open files|[Cc]annot fork|"
           "fork: .*temporarily unavailable"),
      // The last line of a Python traceback; see findFirst().
      sign(Kind::unspecific, "^Traceback \\(most recent call last\\):"),
  };
  return signs;
}

// Only something that looks like an error, most telling first.
const std::vector<Sign>& unspecific() {
  static const std::vector<Sign> signs = {
      sign(Kind::unspecific, "[Ee]rror: (?!aborting due to)|^\\*\\*\\* (?!Waiting)(?!\\[)"),
      sign(Kind::unspecific, "ERROR: "),
      sign(Kind::unspecific, "not found"),
  };
  return signs;
}

struct Found {
  Kind kind = Kind::none;
  Log::const_iterator line;
  Log::const_iterator first;  // of the lines to show; `line`, unless that ends a report
};

// Whether a line of the compiler's repeats text of the source, which may have any words: "fs/a.c:3:
// error: static assertion failed: "Out of memory"", "    3 |   pr_err("Out of memory");".
bool quotesSource(const std::string& line) {
  static const std::regex quote("^[^ ]+:\\d+(:\\d+)?: (error|warning|note): |^ *\\d* \\| ",
                                std::regex::ECMAScript | std::regex::optimize);
  return std::regex_search(line, quote);
}

// The exception that ends a traceback: the first line after it that is not indented.
Log::const_iterator exceptionAfter(Log::const_iterator traceback, const Log& log) {
  const auto line = std::find_if(traceback + 1, log.end(),
                                 [](const auto& each) { return !each.starts_with(' '); });
  return line == log.end() ? traceback : line;
}

// The first line that has any of the signs.
Found findFirst(const Log& log, const std::vector<Sign>& signs, bool of_the_host = false) {
  for (auto line = log.begin(); line != log.end(); ++line) {
    if (!madeFile(*line).empty() || (of_the_host && quotesSource(*line))) continue;
    for (const Sign& each : signs) {
      if (!std::regex_search(*line, each.line)) continue;
      const bool traceback = line->starts_with("Traceback (");
      const auto shown = traceback ? exceptionAfter(line, log) : line;
      return {each.kind, shown, shown - std::min(shown - line, kLinesAbove)};
    }
  }
  return {Kind::none, log.end(), log.end()};
}

Found find(const Log& log) {
  if (const Found host = findFirst(log, ofTheHost(), true); host.kind != Kind::none) return host;
  if (const Found found = findFirst(log, specific()); found.kind != Kind::none) return found;
  for (const Sign& each : unspecific()) {
    if (const Found found = findFirst(log, {each}); found.kind != Kind::none) return found;
  }
  return {Kind::none, log.end(), log.end()};
}

// "make[2]: *** [scripts/Makefile.build:250: fs/a.o] Error 1"
bool isMakesOwn(const std::string& line) {
  return line.starts_with("make") && line.contains("*** [");
}

// The lines that come just before an error and belong to it.
bool leadsTo(const std::string& line) {
  return line.contains("In function") || line.contains("in function") ||
         line.contains("In file included from") || line.starts_with("                 from ") ||
         line.starts_with("***");
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
  auto begin = found.first;
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
  while (begin != log.begin() && found.first - begin < kLinesAbove && leadsTo(*(begin - 1)))
    --begin;
  while (begin != found.first && *begin == "***") ++begin;
  return {found.kind, textOf(begin, found.line, log.end())};
}

}  // namespace runner
