// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/guest_text.h"

#include <algorithm>

#include "runner/base/words.h"

namespace runner {
namespace {

// Length in bytes of the UTF-8 character at the beginning of text, 0 if it is invalid.
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

// Unprintable characters of several bytes: U+0080 to U+009F, which terminals take as control
// characters, and U+FFFE and U+FFFF, which XML 1.0 forbids.
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

}  // namespace

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

std::vector<std::string> printableLines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string& line : splitAt('\n', text)) lines.push_back(printable(line));
  return lines;
}

}  // namespace runner
