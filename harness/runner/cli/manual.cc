// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "runner/base/style.h"
#include "runner/base/words.h"
#include "runner/cli/commands.h"
#include "runner/reports/summary.h"

namespace runner {
namespace {

// Escapes text for troff: '-' stays copyable, and no line becomes a request.
std::string escaped(std::string_view text) {
  std::string roff;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (roff.empty() || roff.back() == '\n')) roff += "\\&";
    if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else if (c == '~' || c == '^') {
      roff += c == '~' ? "\\(ti" : "\\(ha";
    } else {
      roff += c;
    }
  }
  return roff;
}

// Fills paragraphs; keeps indented lines as they are.
std::string paragraphs(const std::string& text) {
  std::string roff;
  bool preformatted = false;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const bool indented = line.starts_with(' ');
    if (indented != preformatted && !line.empty()) {
      roff += indented ? ".nf\n" : ".fi\n";
      preformatted = indented;
    }
    roff += line.empty() ? ".PP\n" : escaped(line) + '\n';
  }
  return preformatted ? roff + ".fi\n" : roff;
}

std::string optionsOf(const CommandText& command) {
  std::string roff;
  for (const CommandText::Option& option : command.options) {
    roff += fmt::format(".TP\n.B {}", escaped(fmt::format("{}", fmt::join(option.names, ", "))));
    if (!option.type.empty()) roff += " \\fI" + escaped(option.type) + "\\fR";
    roff += '\n' + escaped(option.about) + '\n';
  }
  return roff;
}

// Many commands end with the exit statuses, for which the page has a section.
std::string withoutExitStatus(const std::string& details) {
  std::string rest = details.substr(0, details.find(kExitStatus));
  while (rest.ends_with('\n')) rest.pop_back();
  return rest;
}

std::string exitStatusSection() {
  const std::string_view text = kExitStatus;
  const auto heading = text.find('\n') + 1;
  return ".SH EXIT STATUS\n" + paragraphs(std::string(text.substr(heading)));
}

std::string pageName(std::string name) {
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

}  // namespace

std::string manualPage(const CommandText& program, const std::string& version) {
  const std::string name = pageName(program.name);
  std::string roff = fmt::format(
      ".TH {} 1 \"\" \"ovl\\-syncfs {}\"\n.SH NAME\n{} \\- {}\n"
      ".SH SYNOPSIS\n.B {}\n.I COMMAND\n[options]\n.SH DESCRIPTION\n{}.SH OPTIONS\n{}",
      inCapitals(escaped(name)), escaped(version), escaped(name),
      escaped(program.about.substr(0, program.about.find_first_of(":."))), escaped(program.name),
      paragraphs(program.about), optionsOf(program));
  roff += ".SH COMMANDS\n";
  for (const CommandText& command : program.commands) {
    const std::string details = withoutExitStatus(command.details);
    roff += fmt::format(".SS \"{}\"\n{}\n{}{}", escaped(command.name), escaped(command.about),
                        optionsOf(command), details.empty() ? "" : paragraphs('\n' + details));
  }
  if (program.details.contains(kExitStatus)) roff += exitStatusSection();
  const std::string notes = withoutExitStatus(program.details);
  return notes.empty() ? roff : roff + ".SH NOTES\n" + paragraphs(notes);
}

}  // namespace runner
