// SPDX-License-Identifier: GPL-2.0
#include "runner/base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

namespace runner {
namespace {

// Length in bytes of the UTF-8 character at the beginning of text, 0 when it is none.
std::size_t characterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
      (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f)) {
    return 0;
  }
  return length;
}

// Characters of several bytes that are none to print: U+0080 to U+009F, which terminals take as
// control characters, and U+FFFE and U+FFFF, which XML 1.0 forbids.
bool isUnprintable(std::string_view character) {
  return (character.size() == 2 && character[0] == '\xc2' &&
          static_cast<unsigned char>(character[1]) < 0xa0) ||
         character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf";
}

// Length in bytes of the terminal escape sequence at the beginning of text, which starts with ESC.
std::size_t escapeLength(std::string_view text) {
  if (text.size() < 2) return text.size();
  if (text[1] != '[') return 2;
  std::size_t end = 2;
  while (end < text.size() && (text[end] < '@' || text[end] > '~')) ++end;
  return std::min(end + 1, text.size());
}

std::string_view escapeOf(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::faint:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::warning:
      return "\x1b[33m";
  }
  return "";
}

}  // namespace

std::string paint(std::string_view text, Tone tone, const Style& style) {
  if (!style.color || tone == Tone::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", escapeOf(tone), text);
}

std::size_t columnsOf(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

std::string truncate(std::string_view text, std::size_t columns, const Style& style) {
  if (columnsOf(text) <= columns) return std::string(text);
  const std::string_view dots = style.unicode ? "\u2026" : "...";
  const std::size_t room = columns - std::min(columns, columnsOf(dots));
  std::size_t end = 0;
  for (std::size_t column = 0; column < room; ++column) {
    end += std::max<std::size_t>(1, characterLength(text.substr(end)));
  }
  while (end > 0 && text[end - 1] == ' ') --end;
  return fmt::format("{}{}", text.substr(0, end), dots);
}

std::string pad(std::string_view text, std::size_t columns) {
  std::string padded(text);
  const std::size_t used = columnsOf(text);
  if (used < columns) padded.append(columns - used, ' ');
  return padded;
}

std::string centered(std::string_view text, std::size_t columns) {
  const std::size_t used = columnsOf(text);
  const std::size_t left = used < columns ? (columns - used) / 2 : 0;
  return pad(std::string(left, ' ') + std::string(text), columns);
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (word.empty()) continue;
    if (!line.empty() && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string listed(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

std::vector<std::string> splitAtCommas(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(',', from), text.size());
    words.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

void addOnce(std::vector<std::string>& list, const std::string& word) {
  if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(word);
}

std::string inCapitals(std::string_view text) {
  std::string capitals(text);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return capitals;
}

std::string printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text[0]);
    std::size_t length = 1;
    if (first == 0x1b) {
      length = escapeLength(text);
    } else if (first == '\t') {
      clean.append(2, ' ');
    } else if (first == '\r') {
      // Consoles end their lines with it.
    } else if (first < 0x20 || first == 0x7f) {
      clean += '?';
    } else {
      length = characterLength(text);
      const std::string_view character = text.substr(0, length);
      clean += length == 0 || isUnprintable(character) ? "?" : character;
      length = std::max<std::size_t>(length, 1);
    }
    text.remove_prefix(length);
  }
  return clean;
}

std::string inWords(std::chrono::milliseconds duration) {
  const auto milliseconds = duration.count();
  if (milliseconds < 10'000)
    return fmt::format("{:.2f} s", static_cast<double>(milliseconds) / 1e3);
  return runningTime(duration + std::chrono::milliseconds(500));
}

std::string runningTime(std::chrono::milliseconds duration) {
  const auto seconds = duration.count() / 1000;
  if (seconds < 60) return fmt::format("{} s", seconds);
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     const LabelLayout& layout) {
  std::string lines;
  const std::size_t used = layout.indent + layout.columns;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const std::string& line : wrap(printable(text.substr(0, end)), style.width - used)) {
      lines.append(layout.indent, ' ');
      lines += paint(pad(label, layout.columns), Tone::faint, style) + line + '\n';
      label = "";
    }
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

}  // namespace runner
