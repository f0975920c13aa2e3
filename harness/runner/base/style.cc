// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/style.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"

namespace runner {
namespace {

// One per Tone.
constexpr std::array<std::string_view, 6> kEscapes = {"",         "\x1b[1m",    "\x1b[2m",
                                                      "\x1b[32m", "\x1b[1;31m", "\x1b[33m"};

bool beginsCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

}  // namespace

std::string paint(std::string_view text, Tone tone, const Style& style) {
  if (!style.color || tone == Tone::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", kEscapes[static_cast<std::size_t>(tone)], text);
}

std::string paintLines(std::string_view text, Tone tone, const Style& style) {
  std::string lines;
  for (const std::string& line : wrap(text, style.width)) lines += paint(line, tone, style) + '\n';
  return lines;
}

std::size_t columnsOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, beginsCharacter));
}

std::string truncate(std::string_view text, std::size_t columns, const Style& style) {
  if (columnsOf(text) <= columns) return std::string(text);
  const std::string_view dots = style.unicode ? "\u2026" : "...";
  std::size_t room = columns - std::min(columns, columnsOf(dots));
  const auto* end =
      std::ranges::find_if(text, [&](char byte) { return beginsCharacter(byte) && room-- == 0; });
  std::string kept(text.begin(), end);
  return kept.erase(kept.find_last_not_of(' ') + 1).append(dots);
}

std::string pad(std::string_view text, std::size_t columns) {
  std::string padded(text);
  padded.append(columns - std::min(columns, columnsOf(text)), ' ');
  return padded;
}

std::string centered(std::string_view text, std::size_t columns) {
  const std::size_t left = (columns - std::min(columns, columnsOf(text))) / 2;
  return pad(std::string(left, ' ').append(text), columns);
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (const std::string& word : splitAt(' ', text)) {
    if (word.empty()) continue;
    if (lines.empty() || columnsOf(lines.back()) + 1 + columnsOf(word) > columns) {
      lines.emplace_back(word);
    } else {
      lines.back().append(1, ' ').append(word);
    }
  }
  return lines;
}

std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     const LabelLayout& layout) {
  std::string lines;
  for (const std::string& paragraph : printableLines(text)) {
    for (const std::string& line : wrap(paragraph, style.width - layout.indent - layout.columns)) {
      lines.append(layout.indent, ' ');
      lines += paint(pad(std::exchange(label, ""), layout.columns), Tone::faint, style);
      lines += line + '\n';
    }
  }
  return lines;
}

}  // namespace runner
