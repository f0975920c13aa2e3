// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/c_code.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <utility>

namespace runner {
namespace {

constexpr auto kNowhere = std::string_view::npos;

bool isWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t skipSpace(std::string_view code, std::size_t at) {
  return std::min(code.find_first_not_of(" \t\n", at), code.size());
}

std::string wordAt(std::string_view code, std::size_t at) {
  std::size_t end = at;
  while (end < code.size() && isWordCharacter(code[end])) ++end;
  return std::string(code.substr(at, end - at));
}

// The word that ends before `end`, with spaces between.
std::string wordBefore(std::string_view code, std::size_t end) {
  while (end > 0 && std::isspace(static_cast<unsigned char>(code[end - 1])) != 0) --end;
  std::size_t begin = end;
  while (begin > 0 && isWordCharacter(code[begin - 1])) --begin;
  return std::string(code.substr(begin, end - begin));
}

// The end of what begins at `at` and is no code, or `at`.
std::size_t endOfNoCode(std::string_view text, std::size_t at) {
  const auto after = [&](std::string_view mark, std::size_t from) {
    const auto found = text.find(mark, from);
    return found == kNowhere ? text.size() : found + mark.size();
  };
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("/*")) return after("*/", at + 2);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.front() == '#' && (at == 0 || text[at - 1] == '\n')) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    while (end < text.size() && text[end - 1] == '\\') {
      end = std::min(text.find('\n', end + 1), text.size());
    }
    return end;
  }
  if (rest.front() != '"' && rest.front() != '\'') return at;
  std::size_t end = at + 1;
  while (end < text.size() && text[end] != rest.front()) end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

class StatementParser {
 public:
  explicit StatementParser(std::string_view code) : code_(code) {}

  // The statements from `at` to `end`.
  std::vector<Statement> list(std::size_t at, std::size_t end) const {
    std::vector<Statement> statements;
    for (at = skipSpace(code_, at); at < end; at = skipSpace(code_, at)) {
      statements.push_back(statementAt(at, end));
      at = std::max(statements.back().range.end, at + 1);
    }
    return statements;
  }

 private:
  Statement statementAt(std::size_t at, std::size_t end) const {
    if (code_[at] == '{') return block(at, end);
    const std::string word = wordAt(code_, at);
    const std::size_t next = skipSpace(code_, at + word.size());
    if (word == "do") return loopWithItsConditionLast(at, next, end);
    if (word == "case" || word == "default" || (!word.empty() && code_[next] == ':')) {
      Statement label{Statement::Kind::label, {at, code_.find(':', at) + 1}, {}, {}, {}};
      return label;
    }
    if (!word.empty() && code_[next] == '(') {
      const std::size_t close = closingBracket(code_, next);
      if (close < end && isFollowedByStatement(word, skipSpace(code_, close + 1))) {
        return control(at, word, {next + 1, close}, end);
      }
    }
    return simple(at, end);
  }

  bool isFollowedByStatement(const std::string& word, std::size_t next) const {
    static constexpr std::array kControls = {"if", "for", "while", "switch"};
    return std::ranges::find(kControls, word) != kControls.end() || code_[next] == '{' ||
           isWordCharacter(code_[next]);
  }

  Statement block(std::size_t at, std::size_t end) const {
    const std::size_t close = std::min(closingBracket(code_, at), end);
    return {Statement::Kind::block, {at, close + 1}, {}, {}, list(at + 1, close)};
  }

  Statement control(std::size_t at, std::string word, Range head, std::size_t end) const {
    Statement made{Statement::Kind::control, {at, 0}, std::move(word), head, {}};
    made.body.push_back(statementAt(skipSpace(code_, head.end + 1), end));
    made.range.end = made.body.back().range.end;
    const std::size_t next = skipSpace(code_, made.range.end);
    if (made.keyword == "if" && wordAt(code_, next) == "else") {
      made.body.push_back(statementAt(skipSpace(code_, next + 4), end));
      made.range.end = made.body.back().range.end;
    }
    return made;
  }

  Statement loopWithItsConditionLast(std::size_t at, std::size_t body, std::size_t end) const {
    Statement made{Statement::Kind::control, {at, end}, "do", {}, {statementAt(body, end)}};
    const std::size_t open = code_.find('(', made.body.front().range.end);
    made.head = {open + 1, std::min(closingBracket(code_, open), end)};
    made.range.end = std::min(code_.find(';', made.head.end), end - 1) + 1;
    return made;
  }

  Statement simple(std::size_t at, std::size_t end) const {
    std::size_t semicolon = at;
    while (semicolon < end && code_[semicolon] != ';') {
      const bool opens = std::string_view("([{").contains(code_[semicolon]);
      semicolon = opens ? std::min(closingBracket(code_, semicolon), end - 1) + 1 : semicolon + 1;
    }
    Statement made;
    made.range = {at, std::min(semicolon + 1, end)};
    static const std::regex kDeclaration(
        R"(^(?!return|goto|else)(?:CLASS\(|static\b|[A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*[\s*]+[A-Za-z_]\w*\s*[=;,\[]))");
    const std::string text(code_.substr(at, made.range.size()));
    if (std::regex_search(text, kDeclaration)) made.kind = Statement::Kind::declaration;
    return made;
  }

  std::string_view code_;
};

// The name of the function whose body begins at `brace`; empty if that is something else.
std::string functionNameBefore(std::string_view code, std::size_t brace) {
  std::size_t at = brace;
  while (at > 0 && std::isspace(static_cast<unsigned char>(code[at - 1])) != 0) --at;
  if (at == 0 || code[at - 1] != ')') return {};
  int depth = 0;
  do {
    --at;
    if (code[at] == ')') ++depth;
    if (code[at] == '(') --depth;
  } while (at > 0 && depth != 0);
  std::string name = wordBefore(code, at);
  return name.starts_with("SYSCALL_DEFINE") ? wordAt(code, at + 1) : name;
}

}  // namespace

std::string onlyCode(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = endOfNoCode(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return code;
}

std::size_t closingBracket(std::string_view code, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < code.size(); ++at) {
    if (std::string_view("([{").contains(code[at])) ++depth;
    if (std::string_view(")]}").contains(code[at]) && --depth == 0) return at;
  }
  return kNowhere;
}

std::vector<CFunction> functionsIn(std::string_view code) {
  std::vector<CFunction> functions;
  for (std::size_t at = code.find('{'); at != kNowhere; at = code.find('{', at)) {
    const std::size_t close = closingBracket(code, at);
    if (close == kNowhere) break;
    if (std::string name = functionNameBefore(code, at); !name.empty()) {
      functions.push_back(
          {std::move(name), {at, close + 1}, StatementParser(code).list(at + 1, close)});
    }
    at = close + 1;
  }
  return functions;
}

}  // namespace runner
