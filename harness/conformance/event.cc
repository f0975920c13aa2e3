// SPDX-License-Identifier: GPL-2.0-only
// The only file of this program that includes the JSON library, which takes seconds to compile.
#include "conformance/event.h"

#include <nlohmann/json.hpp>

namespace conformance {

std::string toJson(const Event& event) {
  using Json = nlohmann::ordered_json;
  Json object;
  for (const Member& member : event) {
    std::visit([&](const auto& value) { object[member.name] = value; }, member.value);
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace conformance
