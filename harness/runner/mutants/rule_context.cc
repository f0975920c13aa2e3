// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/rule_context.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace runner {

RuleContext::RuleContext(std::string_view text, const std::set<std::size_t>& added)
    : text_(text), added_(added), code_(onlyCode(text)) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') line_ends_.push_back(at);
  }
}

std::size_t RuleContext::lineOf(std::size_t at) const {
  const auto end = std::ranges::lower_bound(line_ends_, at);
  return static_cast<std::size_t>(end - line_ends_.begin()) + 1;
}

std::string RuleContext::quoted(Range range) const {
  std::string line;
  for (const char c : text_.substr(range.begin, range.size())) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

Range RuleContext::trimmed(Range range) const {
  constexpr std::string_view kSpace = " \t\n";
  while (range.size() != 0 && kSpace.contains(code_[range.begin])) ++range.begin;
  while (range.size() != 0 && kSpace.contains(code_[range.end - 1])) --range.end;
  return range;
}

bool RuleContext::isAdded(Range range) const {
  for (std::size_t at = range.begin; at < range.end; ++at) {
    if (std::isspace(static_cast<unsigned char>(code_[at])) != 0) continue;
    if (!added_.contains(lineOf(at))) return false;
  }
  return true;
}

bool RuleContext::hasAdded(Range range) const {
  const auto found = added_.lower_bound(lineOf(range.begin));
  return found != added_.end() && *found <= lineOf(range.end);
}

void RuleContext::add(std::string rule, std::vector<Edit> edits, std::string mistake) {
  if (!std::ranges::all_of(edits, [&](const Edit& edit) { return isAdded(edit.range); })) return;
  changes_.push_back({function_, std::move(rule), std::move(edits), std::move(mistake)});
}

void RuleContext::addMove(Range first, Range next, std::string mistake) {
  std::string text(text_.substr(next.begin, next.size()));
  text += text_.substr(first.end, next.begin - first.end);
  text += text_.substr(first.begin, first.size());
  changes_.push_back(
      {function_, "later", {{{first.begin, next.end}, std::move(text)}}, std::move(mistake)});
}

Edit RuleContext::replaced(Range range, const std::string& text) const {
  const auto old = text_.substr(range.begin, range.size());
  const auto newlines = static_cast<std::size_t>(std::ranges::count(old, '\n'));
  return {range, text + std::string(newlines, '\n')};
}

std::string withEdits(std::string_view text, std::vector<Edit> edits) {
  std::ranges::sort(edits, {}, [](const Edit& edit) { return edit.range.begin; });
  std::string changed;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    changed += text.substr(at, edit.range.begin - at);
    changed += edit.text;
    at = edit.range.end;
  }
  return changed + std::string(text.substr(at));
}

}  // namespace runner
