// SPDX-License-Identifier: GPL-2.0-only
// The rules for expressions: what is exchanged, negated and left out in them.
#include <fmt/core.h>

#include <array>
#include <regex>
#include <string>
#include <utility>

#include "runner/mutants/rule_context.h"

namespace runner {
namespace {

// A token and what it is exchanged for. The pattern's first group is the token.
struct Exchange {
  const char* rule;
  const char* pattern;
  const char* by;
};

constexpr std::array kExchanges = {
    Exchange{"compare", R"((==))", "!="},
    Exchange{"compare", R"((!=))", "=="},
    Exchange{"compare", R"(\s(<)\s)", "<="},
    Exchange{"compare", R"(\s(<=)\s)", "<"},
    Exchange{"compare", R"(\s(>)\s)", ">="},
    Exchange{"compare", R"(\s(>=)\s)", ">"},
    Exchange{"arithmetic", R"((\+\+))", "--"},
    Exchange{"arithmetic", R"((--))", "++"},
    Exchange{"arithmetic", R"(\s(\+)\s)", "-"},
    Exchange{"arithmetic", R"(\s(-)\s)", "+"},
    Exchange{"arithmetic", R"(\s(&)\s)", "|"},
    Exchange{"arithmetic", R"(\s(\|)\s)", "&"},
    Exchange{"arithmetic", R"(\s(&=)\s)", "|="},
    Exchange{"arithmetic", R"((~))", ""},
    Exchange{"errno", R"(-(EIO)\b)", "EINVAL"},
    Exchange{"errno", R"(-(E(?!IO\b)[A-Z0-9]+)\b)", "EIO"},
    Exchange{"constant", R"(\b(0)\b)", "1"},
    Exchange{"constant", R"(\b(1)\b)", "0"},
    Exchange{"constant", R"(\b(true)\b)", "false"},
    Exchange{"constant", R"(\b(false)\b)", "true"},
    Exchange{"not", R"((!)[^=])", ""},
    Exchange{"once", R"(\b(READ_ONCE|data_race)\()", ""},
};

// A range of code, divided at operators outside of brackets.
struct Divided {
  std::vector<Range> parts;      // one more than operators
  std::vector<Range> operators;  // where they are
};

template <typename Operators>
Divided divided(std::string_view code, Range range, const Operators& operators) {
  Divided made;
  std::size_t begin = range.begin;
  for (std::size_t at = range.begin; at < range.end; ++at) {
    if (std::string_view("([{").contains(code[at])) {
      at = std::min(closingBracket(code, at), range.end - 1);
      continue;
    }
    for (const std::string_view each : operators) {
      if (!code.substr(at, range.end - at).starts_with(each)) continue;
      made.parts.push_back({begin, at});
      made.operators.push_back({at, at + each.size()});
      begin = at + each.size();
      at = begin - 1;
      break;
    }
  }
  made.parts.push_back({begin, range.end});
  return made;
}

// Leaves out each operand of a chain of one operator; `other` takes the place of each operator.
void changeChain(RuleContext& context, Range range, std::string_view operation,
                 const std::string& other) {
  const Divided chain = divided(context.code(), range, std::array{operation});
  if (chain.operators.empty()) return;
  const std::string whole = context.quoted(context.trimmed(range));
  for (std::size_t i = 0; i < chain.parts.size(); ++i) {
    const Range part = context.trimmed(chain.parts[i]);
    const bool last = i + 1 == chain.parts.size();
    const Range gone = last ? Range{context.trimmed(chain.parts[i - 1]).end, part.end}
                            : Range{part.begin, context.trimmed(chain.parts[i + 1]).begin};
    context.add("drop", {context.replaced(gone, "")},
                fmt::format("Of `{}`, `{}` is left out.", whole, context.quoted(part)));
  }
  if (other.empty()) return;
  for (const Range each : chain.operators) {
    context.add("exchange", {context.replaced(each, other)},
                fmt::format("In `{}`, {} takes the place of {}.", whole, other, operation));
  }
}

void changeOperands(RuleContext& context, Range range) {
  changeChain(context, range, "||", "&&");
  for (const Range part :
       divided(context.code(), range, std::array{std::string_view("||")}).parts) {
    changeChain(context, part, "&&", "||");
  }
}

// The expressions inside of brackets, too.
void changeLogic(RuleContext& context, Range range) {
  using namespace std::string_view_literals;
  const std::string_view code = context.code();
  for (std::size_t at = range.begin; at < range.end; ++at) {
    if (!"([{"sv.contains(code[at])) continue;
    const std::size_t close = std::min(closingBracket(code, at), range.end);
    changeLogic(context, {at + 1, close});
    at = close;
  }
  for (const Range part :
       divided(code, range, std::array{";"sv, ","sv, " = "sv, "return "sv}).parts) {
    changeChain(context, part, "?:", "");
    const Divided choice = divided(code, part, std::array{"?:"sv, "?"sv, ":"sv});
    if (choice.operators.size() == 2) negate(context, context.trimmed(choice.parts.front()));
    for (const Range operand : choice.parts) changeOperands(context, operand);
  }
}

void exchangeTokens(RuleContext& context, Range range, Range shown) {
  const std::string code(context.code(range));
  const std::string whole = context.quoted(shown);
  for (const Exchange& each : kExchanges) {
    const std::regex pattern(each.pattern);
    for (std::sregex_iterator match(code.begin(), code.end(), pattern), end; match != end;
         ++match) {
      const auto at = range.begin + static_cast<std::size_t>(match->position(1));
      const std::string token = match->str(1);
      const std::string by = each.by;
      context.add(each.rule, {{{at, at + token.size()}, by}},
                  by.empty() ? fmt::format("In `{}`, {} is left out.", whole, token)
                             : fmt::format("In `{}`, {} takes the place of {}.", whole, by, token));
    }
  }
}

}  // namespace

void negate(RuleContext& context, Range condition) {
  if (condition.size() == 0) return;
  const Range begin{condition.begin, condition.begin}, end{condition.end, condition.end};
  if (!context.isAdded(condition)) return;
  context.add("negate", {{begin, "!("}, {end, ")"}},
              fmt::format("The condition `{}` is negated.", context.quoted(condition)));
}

void changeExpression(RuleContext& context, Range expression, Range shown) {
  changeLogic(context, expression);
  exchangeTokens(context, expression, shown);
}

}  // namespace runner
