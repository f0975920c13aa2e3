// SPDX-License-Identifier: GPL-2.0-only
// Style: layout and color of text, as far as its destination supports them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// What the destination of a text can show.
struct Style {
  bool color = false;
  bool unicode = false;
  std::size_t width = 100;  // columns
};

enum class Tone { plain, strong, faint, good, bad, warning };

// `text` in a color, if the style has colors.
std::string paint(std::string_view text, Tone tone, const Style& style);
// wrap()ped to the style's width; each line is painted and ends with a newline.
std::string paintLines(std::string_view text, Tone tone, const Style& style);

// The columns that UTF-8 text takes, one for each character.
std::size_t columnsOf(std::string_view text);
// At most that many columns; an ellipsis marks what was cut off.
std::string truncate(std::string_view text, std::size_t columns, const Style& style);
// Padded with spaces to that many columns.
std::string pad(std::string_view text, std::size_t columns);
std::string centered(std::string_view text, std::size_t columns);
// Broken at spaces into lines of at most that many columns; a longer word stays whole.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

// How a label and its text are laid out.
struct LabelLayout {
  std::size_t columns = 9;  // of the label
  std::size_t indent = 0;   // before it
};
// A label and its text, wrapped and indented below the first line; unprintable characters are
// replaced. Empty if the text is empty.
std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     const LabelLayout& layout = {});

}  // namespace runner
