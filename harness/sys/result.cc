// SPDX-License-Identifier: GPL-2.0-only
#include "sys/result.h"

#include <cstring>

namespace sys {

std::ostream& operator<<(std::ostream& out, const Result& result) {
  if (!result.ok()) {
    const char* name = strerrorname_np(result.error());
    return out << (name != nullptr ? name : "errno out of range") << " ("
               << strerror(result.error()) << ")";
  }
  out << "success";
  if (result.value() != 0) out << " (" << result.value() << ")";
  return out;
}

}  // namespace sys
