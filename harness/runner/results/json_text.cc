// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/json_text.h"

#include <nlohmann/json.hpp>

namespace runner {

std::string textOf(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json jsonOf(const KernelIdentity& kernel) {
  return {{"tree", kernel.tree},          {"release", kernel.release},
          {"source", kernel.source},      {"series", kernel.series},
          {"image", kernel.image},        {"image_key", kernel.key},
          {"config", kernel.config_hash}, {"compiler", kernel.compiler},
          {"lane", kernel.lane},          {"debug", kernel.lane == "debug"}};
}

}  // namespace runner
