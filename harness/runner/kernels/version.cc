// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/version.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace runner {

namespace {

bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// '~' sorts before the end of the text, letters before everything else.
int weight(std::string_view text, std::size_t at) {
  if (at >= text.size() || isDigit(text[at])) return 0;
  if (text[at] == '~') return -1;
  const auto c = static_cast<unsigned char>(text[at]);
  return std::isalpha(c) != 0 ? c : c + 256;
}

// Takes a number off the front, without its leading zeros.
std::string_view takeNumber(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  std::size_t length = 0;
  while (length < text.size() && isDigit(text[length])) ++length;
  const std::string_view number = text.substr(0, length);
  text.remove_prefix(length);
  return number;
}

// Negative, zero or positive, as left is older, equal or newer. deb-version(7), "Sorting
// algorithm": parts without digits and numbers by turns.
int compareParts(std::string_view left, std::string_view right) {
  while (!left.empty() || !right.empty()) {
    while ((!left.empty() && !isDigit(left[0])) || (!right.empty() && !isDigit(right[0]))) {
      const int difference = weight(left, 0) - weight(right, 0);
      if (difference != 0) return difference;
      if (!left.empty()) left.remove_prefix(1);
      if (!right.empty()) right.remove_prefix(1);
    }
    const std::string_view a = takeNumber(left), b = takeNumber(right);
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    if (const int difference = a.compare(b); difference != 0) return difference;
  }
  return 0;
}

struct Parts {
  std::string_view epoch, upstream, revision;
};

Parts split(std::string_view version) {
  Parts parts;
  if (const auto colon = version.find(':'); colon != std::string_view::npos) {
    parts.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  const auto hyphen = version.rfind('-');
  parts.upstream = version.substr(0, hyphen);
  if (hyphen != std::string_view::npos) parts.revision = version.substr(hyphen + 1);
  return parts;
}

}  // namespace

std::string upstreamOf(std::string_view version) {
  return std::string(split(version).upstream);
}

bool olderVersion(std::string_view left, std::string_view right) {
  const Parts a = split(left), b = split(right);
  int order = compareParts(a.epoch, b.epoch);
  if (order == 0) order = compareParts(a.upstream, b.upstream);
  if (order == 0) order = compareParts(a.revision, b.revision);
  return order < 0;
}

bool belongsTo(std::string_view upstream, std::string_view tree) {
  if (upstream.substr(0, tree.size()) != tree) return false;
  return upstream.size() == tree.size() || upstream[tree.size()] == '.' ||
         upstream[tree.size()] == '~';
}

}  // namespace runner
