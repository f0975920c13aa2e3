// SPDX-License-Identifier: GPL-2.0-only
// RuleContext: the file that rules look at, and the changes that they have found.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runner/mutants/rules.h"

namespace runner {

class RuleContext {
 public:
  RuleContext(std::string_view text, const std::set<std::size_t>& added);

  std::string_view code() const { return code_; }
  std::string_view code(Range range) const { return code().substr(range.begin, range.size()); }
  // As it is in the file, but on one line.
  std::string quoted(Range range) const;
  // Without space at its ends.
  Range trimmed(Range range) const;
  // Whether every line of it is added, apart from empty ones and comments.
  bool isAdded(Range range) const;
  // Whether any line of it is added.
  bool hasAdded(Range range) const;

  void enter(std::string function) { function_ = std::move(function); }
  // Adds a change, if all that it edits is added.
  void add(std::string rule, std::vector<Edit> edits, std::string mistake);
  // Adds that `first`, which is added, comes after `next`.
  void addMove(Range first, Range next, std::string mistake);
  // `text`, which has no newlines, then those of the range.
  Edit replaced(Range range, const std::string& text) const;

  std::vector<Change> take() { return std::move(changes_); }

 private:
  std::size_t lineOf(std::size_t at) const;

  std::string_view text_;
  const std::set<std::size_t>& added_;
  std::string code_;
  std::vector<std::size_t> line_ends_;
  std::string function_;
  std::vector<Change> changes_;
};

// Changes of an expression: each operand of && and || dropped, each operator exchanged. shown: what
// it is a part of, for a person.
void changeExpression(RuleContext& context, Range expression, Range shown);
// A condition is negated.
void negate(RuleContext& context, Range condition);

}  // namespace runner
