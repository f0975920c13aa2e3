// SPDX-License-Identifier: GPL-2.0
// Text for people: widths, wrapping, colors, and making foreign text fit to be printed.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// What the place where text goes to can show.
struct Style {
  bool color = false;
  bool unicode = false;
  std::size_t width = 100;  // columns
};

enum class Tone { plain, strong, faint, good, bad, warning };

// `text` in a color, when the style has any.
std::string paint(std::string_view text, Tone tone, const Style& style);

// Columns that UTF-8 text takes; every character counts one.
std::size_t columnsOf(std::string_view text);
// At most that many columns; what is cut off is shown by three dots or the character for them.
std::string truncate(std::string_view text, std::size_t columns, const Style& style);
// With spaces up to that many columns.
std::string pad(std::string_view text, std::size_t columns);
std::string centered(std::string_view text, std::size_t columns);
// Broken at spaces into lines of at most that many columns; a longer word stays whole.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);
// Joined with ", ".
std::string listed(const std::vector<std::string>& words);
// The opposite, without spaces: "a,,b" has three words, "" one.
std::vector<std::string> splitAtCommas(std::string_view text);
// Puts the word at the end of the list, unless it is there already.
void addOnce(std::vector<std::string>& list, const std::string& word);
// ASCII letters only.
std::string inCapitals(std::string_view text);

// Without escape sequences and control characters, invalid UTF-8 replaced by '?'; tabs become
// spaces. For console lines and everything else that a guest wrote.
std::string printable(std::string_view text);

// "0.48 s", "12 s", "3 min 52 s".
std::string inWords(std::chrono::milliseconds duration);
// The same without fractions, for a clock that is seen running.
std::string runningTime(std::chrono::milliseconds duration);
// "1 case", "2 cases".
std::string counted(std::size_t count, std::string_view noun);

// How a label stands beside its text.
struct LabelLayout {
  std::size_t columns = 9;  // of the label
  std::size_t indent = 0;   // before it
};
// A label and its text, wrapped and indented below the first line; foreign text is made printable.
// Nothing when the text is empty.
std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     const LabelLayout& layout = {});

}  // namespace runner
