// SPDX-License-Identifier: GPL-2.0-only
// What a case expects of the new lines of the kernel log.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "conformance/expect.h"
#include "conformance/kernel_log.h"

namespace conformance {

// One of these texts, or the only one.
struct AnyOf {
  std::vector<std::string> texts;
  AnyOf(const char* only) : texts{only} {}  // NOLINT(google-explicit-constructor)
  AnyOf(std::initializer_list<const char*> several) : texts(several.begin(), several.end()) {}
};

// One of them says both.
inline void expectLineWith(KernelLog& log, const std::string& what, const AnyOf& why,
                           CalledFrom = Line::current()) {
  const auto lines = log.newLines();
  const auto says_both = [&](const std::string& line) {
    return line.find(what) != std::string::npos &&
           std::ranges::any_of(why.texts, [&](const std::string& text) {
             return line.find(text) != std::string::npos;
           });
  };
  EXPECT_TRUE(std::ranges::any_of(lines, says_both))
      << "no line of the kernel log says: " << what << " ... " << why.texts.front();
}

// How many of them say that.
inline long linesWith(KernelLog& log, const std::string& what) {
  const auto lines = log.newLines();
  return std::ranges::count_if(
      lines, [&](const std::string& line) { return line.find(what) != std::string::npos; });
}

// How many errors say that. Warnings and what is less are not counted.
inline long errorsWith(KernelLog& log, const std::string& what) {
  return std::ranges::count_if(log.newRecords(), [&](const LogRecord& record) {
    return record.level <= kLevelOfAnError && record.text.find(what) != std::string::npos;
  });
}

// None of them says that.
inline void expectNoLineWith(KernelLog& log, const std::string& what,
                             CalledFrom = Line::current()) {
  EXPECT_EQ(linesWith(log, what), 0) << "lines of the kernel log say '" << what << "'";
}

}  // namespace conformance
