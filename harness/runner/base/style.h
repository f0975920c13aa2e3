// SPDX-License-Identifier: GPL-2.0
// Style: how text is laid out and painted for the place where it goes.
#pragma once

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
// wrap()ped to the style's width, each line painted and with a line end.
std::string paintLines(std::string_view text, Tone tone, const Style& style);

// Columns that UTF-8 text takes; every character counts one.
std::size_t columnsOf(std::string_view text);
// At most that many columns; what is cut off is shown by three dots or the character for them.
std::string truncate(std::string_view text, std::size_t columns, const Style& style);
// With spaces up to that many columns.
std::string pad(std::string_view text, std::size_t columns);
std::string centered(std::string_view text, std::size_t columns);
// Broken at spaces into lines of at most that many columns; a longer word stays whole.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

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
