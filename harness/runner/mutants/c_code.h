// SPDX-License-Identifier: GPL-2.0-only
// CCode: the functions and statements of a C file in the kernel's style, as far as the rules that
// change them need to know them. All positions are offsets into the text of the file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct Range {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

struct Statement {
  enum class Kind {
    simple,       // up to its semicolon: an expression, return, goto, guard(mutex)(&lock)
    declaration,  // of a variable, perhaps with its first value
    control,      // if, for, while, do, switch, and macros that are followed by a statement
    block,        // in braces
    label,        // also of a switch
  };
  Kind kind = Kind::simple;
  Range range;                  // with the semicolon or the body
  std::string keyword;          // of a control: "if", "list_for_each_entry"
  Range head;                   // of a control: what is in the parentheses behind the keyword
  std::vector<Statement> body;  // of a block; of a control the statement, then that of `else`
};

struct CFunction {
  std::string name;  // "ovl_sync_fs"; "syncfs" of SYSCALL_DEFINE1(syncfs, ...)
  Range range;       // the body, with its braces
  std::vector<Statement> body;
};

// The same text with spaces for everything that is no code: comments, what is in quotation marks,
// lines for the preprocessor. Newlines stay.
std::string onlyCode(std::string_view text);

// The functions that are defined in it. code: as onlyCode() returns it. What it cannot parse, it
// leaves out.
std::vector<CFunction> functionsIn(std::string_view code);

// The offset of the bracket that closes the one at `open`; std::string_view::npos if none does.
std::size_t closingBracket(std::string_view code, std::size_t open);

}  // namespace runner
