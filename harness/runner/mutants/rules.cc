// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <regex>
#include <utility>

#include "runner/mutants/rule_context.h"

namespace runner {
namespace {

using StatementKind = Statement::Kind;

// The rules for the statements of one function.
class StatementRules {
 public:
  StatementRules(RuleContext& context, const CFunction& function)
      : context_(context), function_(function) {
    context_.enter(function.name);
  }

  void run() {
    visit(function_.body);
    dropLocks();
  }

 private:
  bool begins(const Statement& statement, const std::string& pattern) const {
    const std::string code(context_.code(statement.range));
    return std::regex_search(code, std::regex("^(?:" + pattern + ")"));
  }
  bool leaves(const Statement& statement) const { return begins(statement, R"(return\b|goto\b)"); }
  // Messages, and assertions of debug kernels.
  bool isMessage(const Statement& statement) const {
    return begins(statement, R"(pr_\w+\(|printk\w*\()");
  }

  void visit(const std::vector<Statement>& statements) {
    for (std::size_t i = 0; i < statements.size(); ++i) {
      visit(statements[i]);
      moveCheck(statements, i);
    }
  }

  void visit(const Statement& statement) {
    switch (statement.kind) {
      case StatementKind::simple:
        leaveOut(statement);
        if (!isMessage(statement)) changeExpression(context_, statement.range, statement.range);
        noteLock(statement);
        break;
      case StatementKind::declaration:
        changeFirstValue(statement);
        break;
      case StatementKind::control:
        leaveOut(statement);
        changeHead(statement);
        visit(statement.body);
        break;
      case StatementKind::block:
        visit(statement.body);
        break;
      case StatementKind::label:
        break;
    }
  }

  void leaveOut(const Statement& statement) {
    const bool last = function_.body.back().range.begin == statement.range.begin;
    if (last && begins(statement, R"(return\b(?!\s*;))")) return;  // it would not compile
    if (context_.code(statement.range) == ";") return;
    const Range shown = statement.kind == StatementKind::control && statement.keyword != "do"
                            ? Range{statement.range.begin, statement.head.end + 1}
                            : statement.range;
    context_.add(
        "delete", {context_.replaced(statement.range, ";")},
        fmt::format("`{}` is left out{}.", context_.quoted(shown),
                    statement.kind == StatementKind::control ? " with what depends on it" : ""));
  }

  void changeFirstValue(const Statement& statement) {
    const auto equals = context_.code(statement.range).find(" = ");
    if (equals == std::string_view::npos || begins(statement, R"(static\b)")) return;
    const Range value{statement.range.begin + equals + 3, statement.range.end - 1};
    if (context_.code(value).contains('(')) {
      context_.add("zero", {context_.replaced(value, "0")},
                   fmt::format("`{}` begins with 0 instead.", context_.quoted(statement.range)));
    }
    changeExpression(context_, value, statement.range);
  }

  void changeHead(const Statement& statement) {
    Range condition = statement.head;
    if (statement.keyword == "for") {
      const auto first = context_.code().find(';', condition.begin);
      condition = {first + 1, context_.code().find(';', first + 1)};
    }
    const bool decides = begins(statement, R"((?:if|while|do|for)\b)");
    if (decides) negate(context_, context_.trimmed(condition));
    if (!decides || !isNegation(context_.code(condition))) {
      changeExpression(context_, statement.head, statement.head);
    }
  }

  // `!a`, `!a(b)`: to leave out the operator is to negate it.
  static bool isNegation(std::string_view condition) {
    if (!condition.starts_with('!')) return false;
    const auto end = condition.find_first_of("( ");
    return end == std::string_view::npos || closingBracket(condition, end) == condition.size() - 1;
  }

  // A check that comes after the statement that it guards: `err = check(); if (err) return err;`.
  void moveCheck(const std::vector<Statement>& statements, std::size_t i) {
    if (i + 1 >= statements.size() || !isCheck(statements[i])) return;
    const Statement& next = statements[i + 1];
    if (next.kind == StatementKind::declaration || next.kind == StatementKind::label ||
        leaves(next))
      return;
    std::size_t first = i;
    const bool assigned = i > 0 && begins(statements[i - 1], R"(\w+ = )");
    if (assigned && context_.isAdded(statements[i - 1].range) &&
        (begins(statements[i - 1], R"(\w+ = -E)") || tests(statements[i], statements[i - 1]))) {
      --first;
    }
    const Range check{statements[first].range.begin, statements[i].range.end};
    if (!context_.isAdded(check)) return;
    const Range shown{check.begin, statements[i].head.end + 1};
    context_.addMove(
        check, next.range,
        fmt::format("`{}` comes after `{}`.", context_.quoted(shown), firstLineOf(next)));
  }

  std::string firstLineOf(const Statement& statement) const {
    Range line = statement.range;
    line.end = std::min(line.end, std::min(context_.code().find('\n', line.begin), line.end));
    return context_.quoted(line);
  }

  // An `if` that does nothing but leave.
  bool isCheck(const Statement& statement) const {
    if (statement.keyword != "if" || statement.body.size() != 1) return false;
    const Statement& body = statement.body.front();
    if (body.kind != StatementKind::block) return leaves(body);
    return !body.body.empty() && leaves(body.body.back());
  }

  // Whether the condition of `check` has the variable that the assignment sets.
  bool tests(const Statement& check, const Statement& assignment) const {
    const std::string_view code = context_.code(assignment.range);
    const std::string variable(code.substr(0, code.find(' ')));
    return std::regex_search(std::string(context_.code(check.head)),
                             std::regex("\\b" + variable + "\\b"));
  }

  void noteLock(const Statement& statement) {
    static const std::regex kLock(R"(^(\w+?)_(un)?lock(\w*\(.*\);)$)");
    const std::string code(context_.code(statement.range));
    std::smatch match;
    if (!std::regex_match(code, match, kLock)) return;
    auto& [taken, released] = locks_[match.str(1) + match.str(3)];
    (match[2].matched ? released : taken).push_back(statement.range);
  }

  void dropLocks() {
    for (const auto& [name, pair] : locks_) {
      if (pair.first.empty() || pair.second.empty()) continue;
      std::vector<Edit> edits;
      for (const Range each : pair.first) edits.push_back(context_.replaced(each, ";"));
      for (const Range each : pair.second) edits.push_back(context_.replaced(each, ";"));
      context_.add("unlocked", std::move(edits),
                   fmt::format("`{}` is left out, and so is the unlock.",
                               context_.quoted(pair.first.front())));
    }
  }

  RuleContext& context_;
  const CFunction& function_;
  std::map<std::string, std::pair<std::vector<Range>, std::vector<Range>>> locks_;
};

// The functions in a table outside of functions: `.permission = ovl_permission,`.
void leaveOutOfTables(RuleContext& context, const std::vector<CFunction>& functions) {
  context.enter("table");
  static const std::regex kEntry(R"(\n(\t\.\w+\s*=[^\n;]*,)(?=\n))");
  const std::string code(context.code());
  for (std::sregex_iterator match(code.begin(), code.end(), kEntry), end; match != end; ++match) {
    const auto at = static_cast<std::size_t>(match->position(1));
    const Range entry{at, at + static_cast<std::size_t>(match->length(1))};
    const auto is_around = [&](const CFunction& each) {
      return each.range.begin < at && at < each.range.end;
    };
    if (std::ranges::any_of(functions, is_around)) continue;
    context.add("delete", {context.replaced(entry, "")},
                fmt::format("`{}` is left out.", context.quoted(entry)));
  }
}

}  // namespace

std::vector<Change> changesIn(std::string_view text, const std::set<std::size_t>& added) {
  RuleContext context(text, added);
  const std::vector<CFunction> functions = functionsIn(context.code());
  for (const CFunction& function : functions) {
    if (context.hasAdded(function.range)) StatementRules(context, function).run();
  }
  leaveOutOfTables(context, functions);
  std::vector<Change> changes = context.take();
  std::ranges::stable_sort(changes, {},
                           [](const Change& change) { return change.edits.front().range.begin; });
  return changes;
}

}  // namespace runner
