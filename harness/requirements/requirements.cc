// SPDX-License-Identifier: GPL-2.0-only
#include "requirements/requirements.h"

#include <stdexcept>

namespace requirements {
namespace {

// The letters of an id: "A" of "A12".
std::string_view groupOf(std::string_view id) {
  return id.substr(0, id.find_first_of("0123456789"));
}

}  // namespace

std::string_view textOf(std::string_view id) {
  for (const Requirement& each : all()) {
    if (each.id == id) return each.text;
  }
  throw std::out_of_range("unknown requirement " + std::string(id));
}

std::vector<std::string> idsOf(std::string_view word) {
  std::vector<std::string> ids;
  for (const Requirement& each : all()) {
    if (each.id == word || groupOf(each.id) == word) ids.emplace_back(each.id);
  }
  return ids;
}

}  // namespace requirements
